import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '#kernel/ids.js';
import { checkInvariants } from '#persistence/invariant-checks.js';
import { command } from '../../../../test/support/messages/messages.js';
import { exportOf, LegacyImporter, legacyCodes, legacyUsers } from '../../test/legacy-importer.js';
import { digest, OutsideSystem } from '../../test/outside-system.js';
import { PromotionsHarness } from '../../test/promotions-harness.js';
import { someCode } from '../../test/some-code.js';
import { ListApplications } from '../analytics/journal/list-applications.js';
import { ProveCode } from '../analytics/prove-code.js';
import { ReadOfferAnalytics } from '../analytics/read-offer-analytics.js';
import { ChangeCode } from '../codes/change-code.js';
import { invariantChecks } from '../invariant-checks.js';
import { idOfLegacyUser } from './domain/legacy-assignment.js';

let harness: PromotionsHarness;
let importer: LegacyImporter;

beforeEach(async () => {
  harness = await PromotionsHarness.open();
  importer = new LegacyImporter(harness);
});
afterEach(async () => {
  const checks = await checkInvariants(invariantChecks, (sql) => harness.query(sql));
  await harness[Symbol.asyncDispose]();
  expect(checks.flatMap(({ violations }) => violations)).toEqual([]);
});

describe('records of the legacy system', () => {
  it('are imported with what they state, and with defaults for the rest', async () => {
    await importer.run({ codes: legacyCodes() });
    expect(await importer.codeNamed('Spring10')).toMatchObject({
      kind: 'bonus',
      title: 'Spring bonus',
      percent_bp: 1_000,
      currency: 'INR',
      max_uses: 100,
      status: 'active',
      active_hours: { enabled: true, start_time: '06:00', end_time: '09:00', timezone: 'Asia/Kolkata' },
    });
    expect(await importer.codeNamed('OLD50')).toMatchObject({
      kind: 'bonus',
      percent_bp: null,
      amount_minor: 5_000,
      max_uses: null,
      valid_from: null,
      active_hours: { enabled: false, start_time: '00:00', end_time: '23:59', timezone: 'UTC' },
      auto_deactivate_on_max_uses: true,
      auto_deactivated_at: null,
    });
    expect(await importer.codeNamed('SOLDOUT')).toMatchObject({ amount_minor: 1_250, currency: 'EUR' });
    expect(await importer.codeNamed('Minute')).toMatchObject({
      status: 'paused',
      active_hours: { enabled: true, start_time: '12:00', end_time: '12:00', timezone: 'UTC' },
    });
  });

  it('that are invalid are reported with line and field, and only they are refused', async () => {
    const { lines, summary } = await importer.run({ codes: legacyCodes() });
    expect(lines).toEqual([
      'promo_codes.json:1: note: active_hours.start_time: 6:00 is 06:00',
      'promo_codes.json:4: code: has spaces or invisible characters, or more than 64 of them',
      'promo_codes.json:5: active_hours.timezone: IST is not an IANA time zone',
      'promo_codes.json:6: valid_until: "someday" is not an instant',
      'promo_codes.json:6: active_hours.start_time: 24:30 is not a time of day',
      expect.stringContaining('promo_codes.json:7: not JSON: '),
      'promo_codes.json:9: another code “spring10” exists and stays as it is',
    ]);
    expect(summary[0]).toBe('promo codes: 4 new, 0 known, 5 refused');
  });

  it('become redemptions with entries and counters in the order of time, each with the earned bonus', async () => {
    const { lines, summary } = await importer.run({ codes: legacyCodes(), users: legacyUsers() });
    const { id } = await importer.codeNamed('Spring10');
    expect(await harness.get(ReadOfferAnalytics).execute({ code_id: id, owned_by: null })).toEqual({
      code: 'Spring10',
      currency: 'INR',
      total_uses: 3,
      total_bonus_minor: 2_245,
      offer_breakdown: [
        {
          offer_id: '65d000000000000000000001',
          offer_name: 'Beginners’ Sanskrit',
          uses: 2,
          currency: 'INR',
          total_bonus: 19.45,
          total_bonus_minor: 1_945,
          unique_users: 2,
        },
        {
          offer_id: '65d000000000000000000002',
          offer_name: 'A bookshop',
          uses: 1,
          currency: 'INR',
          total_bonus: 3,
          total_bonus_minor: 300,
          unique_users: 1,
        },
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
      const proof = await harness.get(ProveCode).execute((await importer.codeNamed(code)).id);
      expect([code, proof.disagreements]).toEqual([code, []]);
    }
    expect(await harness.query('select person_id from promo_application')).toHaveLength(5);
    expect(await harness.published()).toEqual([]);
    expect(summary.slice(1)).toEqual([
      'assignments: 5 new, 0 known, 2 refused',
      'redemptions: 6 new, 0 known, 1 refused',
    ]);
    expect(lines.filter((line) => !line.startsWith('promo_codes.json:'))).toEqual([
      'user_promo_codes.json:7: user_id: is missing',
      'user_promo_codes.json:6: the code 65a0000000000000000000ff is unknown',
      'user_promo_codes.json:5: the code was redeemed for the conversion x-3 already',
      'user_promo_codes.json: note: SOLDOUT exceeded its max_uses of 2: it is raised to 3',
    ]);
    expect(lines.at(-1)).toBe('promo_codes.json:3: note: usage_count: 2 is stated of SOLDOUT, which has 3 redemptions');
  });

  it('earn nothing again when their conversion is recorded once more, also if the person has taken another code since', async () => {
    await importer.run({ codes: legacyCodes(), users: legacyUsers() });
    const outside = await OutsideSystem.open(harness);
    const person = idOfLegacyUser('65c000000000000000000001');
    await outside.apply([person], [(await someCode(harness, { kind: 'bonus', precedence: -1 })).id]);
    const { id } = await importer.codeNamed('Spring10');
    const conversion = outside.conversion(person, {
      conversion_id: 'conv-1',
      offer_id: '65d000000000000000000001',
      currency: 'INR',
    });
    const [outcome] = await outside.record(conversion);
    expect(outcome?.redemptions).toEqual([
      {
        redemption_id: expect.any(String),
        code_id: id,
        code: 'Spring10',
        bonus_minor: 1_225,
        currency: 'INR',
        explanation: 'Imported from the legacy system.',
      },
    ]);
    expect(await outside.record(conversion)).toEqual([outcome]);
    expect(await harness.published()).toEqual([]);
    expect(await importer.codeNamed('Spring10')).toMatchObject({ used: 3, last_entry: 3 });
    expect((await outside.record(outside.conversion(person))).map(digest)).toMatchObject([{ bonuses: [100] }]);
    expect(await harness.published()).toHaveLength(1);
  });

  it('of codes that ended for no confirmed reason earn nothing, also after a change of the code', async () => {
    const ended = ['expired', 'exhausted'].map((status) => ({ _id: status, code: status, percentage: 10, status }));
    const { lines } = await importer.run({ codes: exportOf('c', ended) });
    expect(lines).toEqual([
      'c:1: note: status: “expired” is not confirmed by another field; the code is paused',
      'c:2: note: status: “exhausted” is not confirmed by another field; the code is paused',
    ]);
    const outside = await OutsideSystem.open(harness);
    for (const { code } of ended) {
      const { id } = await importer.codeNamed(code);
      const renamed = command({ code_id: id, changed_by: 'meera', title: 'Ended' });
      await harness.get(ChangeCode).execute([renamed]);
      expect((await outside.record(outside.conversion(await outside.personWith(id)))).map(digest)).toEqual([
        { bonuses: [], reasons: ['PROMO_CODE_NOT_ACTIVE'] },
      ]);
    }
  });

  it('deactivate a code that is used up, without an announcement', async () => {
    await importer.run({ codes: legacyCodes(), users: legacyUsers() });
    const {
      status,
      auto_deactivated_at: at,
      deactivation_announced_at: announcedAt,
    } = await importer.codeNamed('SOLDOUT');
    expect([status, String(at), String(announcedAt)]).toEqual([
      'expired',
      '2024-03-04T00:00:00Z',
      '2024-03-04T00:00:00Z',
    ]);
  });

  it('raise every exceeded limit, which the audit trail shows', async () => {
    const code = {
      code: 'PASSED',
      bonus_amount: 1,
      max_uses: 1,
      max_uses_per_person: 1,
      max_uses_per_offer: 9,
      budget: 1.5,
    };
    const dated = [1, 2].map((day) => ({ offer_id: 'o', applied_at: `2024-03-0${day}T00:00:00Z`, bonus_amount: 1 }));
    await importer.run({
      codes: exportOf('c', [code]),
      users: exportOf('u', [{ user_id: '1', code: 'passed', offer_applications: dated }]),
    });
    const { id, version } = await importer.codeNamed('PASSED');
    expect(version).toBe(2);
    expect(await harness.query('select changed_by, before, after from code_change where code_id = $1', [id])).toEqual([
      {
        changed_by: 'import:promo-codes',
        before: { max_uses: 1, max_uses_per_person: 1, budget_minor: 150 },
        after: { max_uses: 2, max_uses_per_person: 2, budget_minor: 200 },
      },
    ]);
  });

  it('are redemptions of the class that they name, in any case of its id', async () => {
    const classId = newId();
    const applied = { offer_id: classId.toUpperCase(), applied_at: '2024-03-01T00:00:00Z', bonus_amount: 1 };
    await importer.run({
      codes: exportOf('c', [{ code: 'CLASS', percentage: 5, currency: 'EUR' }]),
      users: exportOf('u', [{ user_id: '1', code: 'CLASS', offer_applications: [applied] }]),
    });
    expect(await harness.query('select offer_id, uses from promo_code_offer_usage')).toEqual([
      { offer_id: classId, uses: 1 },
    ]);
    expect(await harness.query('select id from offer')).toEqual([{ id: classId }]);
  });

  it('are added without the one of a set that the database refuses', async () => {
    const codes = [1, 2, 3].map((number) => ({ code: `CODE-${number}`, percentage: 5 }));
    const beyond = { code: 'BEYOND', percentage: 5, valid_from: { $date: { $numberLong: '-8640000000000000' } } };
    const { lines, summary } = await importer.run({ codes: exportOf('c', [codes[0], beyond, ...codes.slice(1)]) });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^c:2: /);
    expect(summary[0]).toBe('promo codes: 3 new, 0 known, 1 refused');
  });

  it('are imported in sets', async () => {
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
    const { summary } = await importer.run(
      { codes: exportOf('c', codes), users: exportOf('u', users) },
      { currency: 'EUR' },
    );
    expect(summary[0]).toBe('promo codes: 2500 new, 0 known, 0 refused');
    expect(summary[2]).toBe('redemptions: 9000 new, 0 known, 0 refused');
    const { id } = await importer.codeNamed('C-0');
    const analytics = await harness.get(ReadOfferAnalytics).execute({ code_id: id, owned_by: null });
    expect([analytics.total_uses, analytics.offer_breakdown[0]]).toEqual([
      1_800,
      {
        offer_id: 'o1',
        offer_name: 'o1',
        uses: 600,
        currency: 'EUR',
        total_bonus: 60,
        total_bonus_minor: 6_000,
        unique_users: 140,
      },
    ]);
  });
});
