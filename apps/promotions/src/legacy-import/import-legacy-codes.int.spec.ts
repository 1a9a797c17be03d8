import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '#kernel/ids.js';
import { checkInvariants } from '#persistence/invariant-checks.js';
import { command } from '../../../../test/support/messages/messages.js';
import { digest, OutsideSystem } from '../../test/outside-system.js';
import { PromotionsHarness } from '../../test/promotions-harness.js';
import { someCode } from '../../test/some-code.js';
import { ListApplications } from '../analytics/list-applications.js';
import { ProveCode } from '../analytics/prove-code.js';
import { ReadOfferAnalytics } from '../analytics/read-offer-analytics.js';
import { ChangeCode } from '../codes/change-code.js';
import { invariantChecks } from '../invariant-checks.js';
import { idOfLegacyUser } from './domain/legacy-assignment.js';
import { ImportLegacyCodes, type Source } from './import-legacy-codes.js';
import { LegacyStore } from './legacy.store.js';
import { Report } from './report.js';
import { Session } from './session.js';

const folder = join(import.meta.dirname, '../../test/legacy-export');
const file = (name: string): Source => ({ name, chunks: createReadStream(join(folder, name), 'utf8') });
const lines = (name: string, documents: readonly unknown[]): Source => ({
  name,
  chunks: Readable.from(documents.map((document) => `${JSON.stringify(document)}\n`)),
});
const formerCodes = () => file('promo_codes.json');
const formerUsers = () => file('user_promo_codes.json');

let harness: PromotionsHarness;

beforeEach(async () => {
  harness = await PromotionsHarness.open();
});
afterEach(async () => {
  const broken = (await checkInvariants(invariantChecks, (sql) => harness.query(sql))).flatMap(
    ({ violations }) => violations,
  );
  await harness[Symbol.asyncDispose]();
  expect(broken).toEqual([]);
});

/** Answers all that was said, and the sums. */
async function bring(sources: { codes?: Source; users?: Source }, { trial = false, currency = 'USD' } = {}) {
  const said: string[] = [];
  const report = new Report((line) => said.push(line));
  const session = await Session.open(harness.databaseUrl, { trial });
  try {
    await new ImportLegacyCodes(new LegacyStore(session), report, harness.clock, currency).execute(sources);
  } finally {
    await session.close();
  }
  return { said, summary: report.summary() };
}

const codeNamed = async (code: string) => {
  const [found] = await harness.query<Record<string, unknown> & { id: string }>(
    'select * from promo_code where code = $1',
    [code],
  );
  return found as Record<string, unknown> & { id: string };
};
/** Everything there is, to see whether anything changed. */
const everything = () =>
  harness.query(
    `select (select jsonb_agg(to_jsonb(c) order by c.id) from promo_code c) as codes,
       (select jsonb_agg(to_jsonb(u) order by u.id) from redemption u) as uses,
       (select jsonb_agg(to_jsonb(e) order by e.code_id, e.entry_no) from redemption_entry e) as entries,
       (select jsonb_agg(to_jsonb(p) order by p.id) from person p) as persons,
       (select jsonb_agg(to_jsonb(a) order by a.code_id, a.person_id) from promo_application a) as applications,
       (select jsonb_agg(to_jsonb(o) order by o.id) from offer o) as offers`,
  );

describe('records of the former system', () => {
  it('come in with what they say, and with the defaults where they say nothing', async () => {
    await bring({ codes: formerCodes() });
    expect(await codeNamed('Spring10')).toMatchObject({
      kind: 'bonus',
      title: 'Spring bonus',
      percent_bp: 1_000,
      currency: 'INR',
      max_uses: 100,
      status: 'active',
      active_hours: { enabled: true, start_time: '06:00', end_time: '09:00', timezone: 'Asia/Kolkata' },
    });
    expect(await codeNamed('OLD50')).toMatchObject({
      kind: 'bonus',
      percent_bp: null,
      amount_minor: 5_000,
      max_uses: null,
      valid_from: null,
      active_hours: { enabled: false, start_time: '00:00', end_time: '23:59', timezone: 'UTC' },
      auto_deactivate_on_max_uses: true,
      auto_deactivated_at: null,
    });
    expect(await codeNamed('SOLDOUT')).toMatchObject({ amount_minor: 1_250, currency: 'EUR' });
    expect(await codeNamed('Minute')).toMatchObject({
      status: 'paused',
      active_hours: { enabled: true, start_time: '12:00', end_time: '12:00', timezone: 'UTC' },
    });
  });

  it('that cannot be read are reported with line and field, and only they are left out', async () => {
    const { said, summary } = await bring({ codes: formerCodes() });
    expect(said).toEqual([
      'promo_codes.json:1: note: active_hours.start_time: 6:00 is 06:00',
      'promo_codes.json:4: code: has spaces or invisible characters, or more than 64 of them',
      'promo_codes.json:5: active_hours.timezone: IST is no IANA time zone',
      'promo_codes.json:6: valid_until: "someday" is not an instant',
      'promo_codes.json:6: active_hours.start_time: 24:30 is no time of the day',
      expect.stringContaining('promo_codes.json:7: not JSON: '),
      'promo_codes.json:9: there is another code “spring10”, which stays as it is',
    ]);
    expect(summary[0]).toBe('promo codes: 4 new, 0 there already, 5 left out');
  });

  it('become uses with entries and counters, newest last, each with what was really earned', async () => {
    const { said, summary } = await bring({ codes: formerCodes(), users: formerUsers() });
    const { id } = await codeNamed('Spring10');
    expect(await harness.get(ReadOfferAnalytics).execute({ code_id: id, owned_by: null })).toEqual({
      code: 'Spring10',
      total_uses: 3,
      offer_breakdown: [
        {
          offer_id: '65d000000000000000000001',
          offer_name: 'Beginners’ Sanskrit',
          uses: 2,
          total_bonus: 19.45,
          unique_users: 2,
        },
        { offer_id: '65d000000000000000000002', offer_name: 'A bookshop', uses: 1, total_bonus: 3, unique_users: 1 },
      ],
    });
    const { applications, total } = await harness.get(ListApplications).page({ code_id: id, page: 1, limit: 50 });
    expect(total).toBe(3);
    expect(applications.map((each) => [each.username, each.applied_at, each.bonus_earned, each.conversion_id])).toEqual(
      [
        ['asha', '2024-03-03T06:00:00Z', 3, null],
        ['asha', '2024-03-02T06:00:00Z', 12.25, 'conv-1'],
        [null, '2024-02-29T06:00:00Z', 7.2, 'conv-2'],
      ],
    );
    for (const code of ['Spring10', 'OLD50', 'SOLDOUT']) {
      const proof = await harness.get(ProveCode).execute((await codeNamed(code)).id);
      expect([code, proof.disagreements]).toEqual([code, []]);
    }
    expect(await harness.query('select person_id from promo_application')).toHaveLength(5);
    expect(await harness.published()).toEqual([]);
    expect(summary.slice(1)).toEqual([
      'persons who took one: 5 new, 0 there already, 2 left out',
      'uses: 6 new, 0 there already, 1 left out',
    ]);
    expect(said.filter((line) => !line.startsWith('promo_codes.json:'))).toEqual([
      'user_promo_codes.json:7: user_id: is missing',
      'user_promo_codes.json:6: the code 65a0000000000000000000ff is unknown',
      'user_promo_codes.json:5: the conversion x-3 is a use of the code already',
      'user_promo_codes.json: note: SOLDOUT had passed its max_uses, 2: it is 3 now',
    ]);
    expect(said.at(-1)).toBe('promo_codes.json:3: note: usage_count: says 2 of SOLDOUT; its uses are 3');
  });

  it('earn nothing again when their conversion is told once more, whatever else its person has taken since', async () => {
    await bring({ codes: formerCodes(), users: formerUsers() });
    const desk = await OutsideSystem.open(harness);
    const person = idOfLegacyUser('65c000000000000000000001');
    await desk.apply([person], [(await someCode(harness, { kind: 'bonus', precedence: -1 })).id]);
    const { id } = await codeNamed('Spring10');
    const told = desk.conversion(person, {
      conversion_id: 'conv-1',
      offer_id: '65d000000000000000000001',
      currency: 'INR',
    });
    const [outcome] = await desk.record(told);
    expect(outcome?.uses).toEqual([
      {
        use_id: expect.any(String),
        code_id: id,
        code: 'Spring10',
        bonus_minor: 1_225,
        currency: 'INR',
        explanation: 'Brought from the former system.',
      },
    ]);
    expect(await desk.record(told)).toEqual([outcome]);
    expect(await harness.published()).toEqual([]);
    expect(await codeNamed('Spring10')).toMatchObject({ used: 3, last_entry: 3 });
    expect((await desk.record(desk.conversion(person))).map(digest)).toMatchObject([{ bonuses: [100] }]);
    expect(await harness.published()).toHaveLength(1);
  });

  it('of codes that had ended, nobody knows by what, earn nothing, whatever else is changed of them', async () => {
    const ended = ['expired', 'exhausted'].map((status) => ({ _id: status, code: status, percentage: 10, status }));
    const { said } = await bring({ codes: lines('c', ended) });
    expect(said).toEqual([
      'c:1: note: status: “expired” is borne out by nothing else; the code is paused',
      'c:2: note: status: “exhausted” is borne out by nothing else; the code is paused',
    ]);
    const desk = await OutsideSystem.open(harness);
    for (const { code } of ended) {
      const { id } = await codeNamed(code);
      const renamed = command({ code_id: id, changed_by: 'meera', title: 'Ended' });
      await harness.get(ChangeCode).execute([renamed]);
      expect((await desk.record(desk.conversion(await desk.personWith(id)))).map(digest)).toEqual([
        { bonuses: [], reasons: ['PROMO_CODE_NOT_ACTIVE'] },
      ]);
    }
  });

  it('deactivate a code whose uses are all taken, without announcing it anew', async () => {
    await bring({ codes: formerCodes(), users: formerUsers() });
    const { status, auto_deactivated_at: at, deactivation_announced_at: announcedAt } = await codeNamed('SOLDOUT');
    expect([status, String(at), String(announcedAt)]).toEqual([
      'expired',
      '2024-03-04T00:00:00Z',
      '2024-03-04T00:00:00Z',
    ]);
  });

  it('raise every limit that the former system had let be passed, and say so in the audit trail', async () => {
    const code = {
      code: 'PASSED',
      bonus_amount: 1,
      max_uses: 1,
      max_uses_per_person: 1,
      max_uses_per_offer: 9,
      budget: 1.5,
    };
    const dated = [1, 2].map((day) => ({ offer_id: 'o', applied_at: `2024-03-0${day}T00:00:00Z`, bonus_amount: 1 }));
    await bring({
      codes: lines('c', [code]),
      users: lines('u', [{ user_id: '1', code: 'passed', offer_applications: dated }]),
    });
    const { id, version } = await codeNamed('PASSED');
    expect(version).toBe(2);
    expect(await harness.query('select changed_by, before, after from code_change where code_id = $1', [id])).toEqual([
      {
        changed_by: 'import:promo-codes',
        before: { max_uses: 1, max_uses_per_person: 1, budget_minor: 150 },
        after: { max_uses: 2, max_uses_per_person: 2, budget_minor: 200 },
      },
    ]);
  });

  it('change nothing when they come a second time', async () => {
    await bring({ codes: formerCodes(), users: formerUsers() });
    const before = await everything();
    harness.clock.moveBy({ hours: 1 });
    const { summary } = await bring({ codes: formerCodes(), users: formerUsers() });
    expect(await everything()).toEqual(before);
    expect(summary).toEqual([
      'promo codes: 0 new, 4 there already, 5 left out',
      'persons who took one: 0 new, 5 there already, 2 left out',
      'uses: 0 new, 6 there already, 1 left out',
    ]);
  });

  it('change nothing in a trial, which tells what would be done', async () => {
    const before = await everything();
    const trial = await bring({ codes: formerCodes(), users: formerUsers() }, { trial: true });
    expect(await everything()).toEqual(before);
    expect(await bring({ codes: formerCodes(), users: formerUsers() })).toEqual(trial);
  });

  it('never write over what is there', async () => {
    await bring({ codes: formerCodes(), users: formerUsers() });
    await harness.query(
      `update promo_code set title = 'Changed here', max_uses = 7, status = 'paused' where code = 'Spring10'`,
    );
    await harness.query(`update person set email = 'new@example.org' where username = 'asha'`);
    await harness.query(`update offer set name = 'Renamed' where id = '65d000000000000000000001'`);
    const before = await everything();
    await bring({ codes: formerCodes(), users: formerUsers() });
    expect(await everything()).toEqual(before);
  });

  it('leave a code of the same text alone that stood here before, and its counters', async () => {
    await harness.query(
      `insert into promo_code (id, code, folded, kind, percent_bp, max_uses, created_at, updated_at, created_by)
       values ($1, 'SPRING10', 'SPRING10', 'bonus', 500, 1, now(), now(), 'an admin')`,
      [newId()],
    );
    const { said } = await bring({ codes: formerCodes(), users: formerUsers() });
    expect(await codeNamed('SPRING10')).toMatchObject({ percent_bp: 500, used: 0, created_by: 'an admin' });
    expect(said).toContain('promo_codes.json:1: there is another code “Spring10”, which stays as it is');
    expect(said).toContain(
      'user_promo_codes.json:1: the code 65a000000000000000000001 is not of a record: it stays as it is',
    );
  });

  it('take what was added since, and nothing twice, from a later export in another order', async () => {
    const code = { _id: { $oid: '65a000000000000000000001' }, code: 'A', percentage: 5, currency: 'EUR' };
    const use = (day: number) => ({
      offer_id: 'o',
      applied_at: { $date: `2024-03-0${day}T00:00:00Z` },
      bonus_amount: 1,
    });
    const holder = (user: string, ...days: number[]) => ({
      user_id: user,
      promo_code: 'a',
      offer_applications: days.map(use),
    });
    await bring({ codes: lines('c', [code]), users: lines('u', [holder('1', 1), holder('2', 2, 2)]) });
    const { summary } = await bring({ users: lines('u', [holder('2', 2, 3, 2), holder('1', 1)]) });
    expect(summary.slice(1)).toEqual([
      'persons who took one: 0 new, 2 there already, 0 left out',
      'uses: 1 new, 3 there already, 0 left out',
    ]);
    expect(await codeNamed('A')).toMatchObject({ used: 4, last_entry: 4, given_minor: 400 });
  });

  describe('whose earnings come in a later export', () => {
    const conversion = 'conv-9';
    const byId = { _id: 'e1', offer_id: 'o', applied_at: '2024-03-01T00:00:00Z' };
    const earned = { offer_id: 'o', earned_at: '2024-03-09T00:00:00Z', amount: 3 };
    const holder = (applications: readonly object[], earnings: readonly object[]) =>
      lines('u', [{ user_id: '1', code: 'A', offer_applications: applications, bonus_earnings: earnings }]);

    beforeEach(async () => {
      await bring({ codes: lines('c', [{ code: 'A', percentage: 5, currency: 'EUR' }]) });
    });

    it.each<[string, object[], object[]]>([
      ['an id', [byId], [{ ...earned, conversion_id: conversion }]],
      ['an instant', [{ ...byId, _id: null }], [{ ...earned, _id: 'b1', conversion_id: conversion }]],
      ['an offer', [{ offer_id: 'o' }], [earned]],
      [
        'nothing that tells them apart',
        [{ offer_id: 'o' }, { offer_id: 'o' }],
        [{ ...earned, conversion_id: 'x' }, earned],
      ],
    ])('are the uses that they were, known by %s', async (_, applications, earnings) => {
      await bring({ users: holder(applications, []) });
      const before = await everything();
      const { summary } = await bring({ users: holder(applications, earnings) });
      expect(summary[2]).toBe(`uses: 0 new, ${applications.length} there already, 0 left out`);
      expect(await everything()).toEqual(before);
    });

    it('are used once by their conversion, should it be known by another mark already', async () => {
      await bring({ users: holder([{ ...byId, conversion_id: conversion }], []) });
      const { said } = await bring({ users: holder([byId], [{ ...earned, conversion_id: conversion }]) });
      expect(said).toEqual(['u:1: the conversion conv-9 is a use of the code already']);
      expect(await codeNamed('A')).toMatchObject({ used: 1, last_entry: 1 });
    });
  });

  describe('of conversions that are told here', () => {
    const code = { code: 'A', bonus_amount: 5, currency: 'EUR' };
    const holding = (user: string, conversion_id: string) => ({
      user_id: user,
      code: 'A',
      applied_at: '2024-03-01T00:00:00Z',
      offer_applications: [{ offer_id: 'o', applied_at: '2024-03-01T00:00:00Z', conversion_id }],
    });
    const known = async (user: string) => {
      await harness.query(`insert into person (id, name, username, email) values ($1::uuid, 'P', $1::uuid::text, '')`, [
        idOfLegacyUser(user),
      ]);
      const desk = await OutsideSystem.open(harness);
      return (conversion_id: string) => desk.record(desk.conversion(idOfLegacyUser(user), { conversion_id }));
    };

    it('while they come in earn nothing by a code whose uses are not there yet', async () => {
      await bring({ codes: lines('c', [code]) });
      const tell = await known('1');
      const others = Array.from({ length: 1_000 }, (_, index) => holding(`other-${index}`, `others-${index}`));
      const earned: unknown[] = [];
      async function* slowly() {
        for (const one of [holding('1', 'x'), ...others]) yield `${JSON.stringify(one)}\n`;
        earned.push(...(await tell('x')).map(digest));
        yield `${JSON.stringify(holding('1', 'y'))}\n`;
      }
      const { said, summary } = await bring({ users: { name: 'u', chunks: slowly() } });
      expect(earned).toEqual([{ bonuses: [], reasons: [] }]);
      expect(said).toEqual(['u:1: the conversion x was told here, and has its answer']);
      expect(summary.slice(1)).toEqual([
        'persons who took one: 1001 new, 1 there already, 0 left out',
        'uses: 1001 new, 0 there already, 1 left out',
      ]);
      expect((await tell('z')).map(digest)).toEqual([{ bonuses: [500], reasons: [] }]);
      expect((await tell('y')).map(({ uses }) => uses.length)).toEqual([1]);
      expect(await harness.published()).toHaveLength(1);
    });

    it('and have their answer get no use beside it from a later export', async () => {
      const tell = await known('1');
      const [answer] = await tell('x');
      await bring({ codes: lines('c', [code]), users: lines('u', [holding('2', 'y')]) });
      const { said, summary } = await bring({ users: lines('u', [holding('1', 'x'), holding('2', 'y')]) });
      expect(said).toEqual(['u:1: the conversion x was told here, and has its answer']);
      expect(summary[2]).toBe('uses: 0 new, 1 there already, 1 left out');
      expect(await tell('x')).toEqual([answer]);
      expect(await codeNamed('A')).toMatchObject({ used: 1, last_entry: 1 });
    });
  });

  it('are uses of the class that they name, however they write its id', async () => {
    const classId = newId();
    const applied = { offer_id: classId.toUpperCase(), applied_at: '2024-03-01T00:00:00Z', bonus_amount: 1 };
    await bring({
      codes: lines('c', [{ code: 'CLASS', percentage: 5, currency: 'EUR' }]),
      users: lines('u', [{ user_id: '1', code: 'CLASS', offer_applications: [applied] }]),
    });
    expect(await harness.query('select offer_id, uses from promo_code_offer_usage')).toEqual([
      { offer_id: classId, uses: 1 },
    ]);
    expect(await harness.query('select id from offer')).toEqual([{ id: classId }]);
  });

  it('are found one by one when the database refuses one of a set', async () => {
    const codes = [1, 2, 3].map((number) => ({ code: `CODE-${number}`, percentage: 5 }));
    const beyond = { code: 'BEYOND', percentage: 5, valid_from: { $date: { $numberLong: '-8640000000000000' } } };
    const { said, summary } = await bring({ codes: lines('c', [codes[0], beyond, ...codes.slice(1)]) });
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/^c:2: /);
    expect(summary[0]).toBe('promo codes: 3 new, 0 there already, 1 left out');
  });

  it('come in sets when they are many', async () => {
    const codes = Array.from({ length: 2_500 }, (_, index) => ({
      _id: `c${index}`,
      code: `C-${index}`,
      bonus_amount: 1,
    }));
    const users = Array.from({ length: 3_000 }, (_, index) => ({
      user_id: `u${index % 700}`,
      promo_code: `C-${index % 5}`,
      offer_applications: [1, 2, 3].map((turn) => ({
        offer_id: `o${turn}`,
        conversion_id: `${index}-${turn}`,
        bonus_amount: 0.1,
      })),
    }));
    const { summary } = await bring({ codes: lines('c', codes), users: lines('u', users) }, { currency: 'EUR' });
    expect(summary[0]).toBe('promo codes: 2500 new, 0 there already, 0 left out');
    expect(summary[2]).toBe('uses: 9000 new, 0 there already, 0 left out');
    const { id } = await codeNamed('C-0');
    const analytics = await harness.get(ReadOfferAnalytics).execute({ code_id: id, owned_by: null });
    expect([analytics.total_uses, analytics.offer_breakdown[0]]).toEqual([
      1_800,
      { offer_id: 'o1', offer_name: 'o1', uses: 600, total_bonus: 60, unique_users: 140 },
    ]);
  });
});
