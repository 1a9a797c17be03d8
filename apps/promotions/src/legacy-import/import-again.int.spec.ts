import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '#kernel/ids.js';
import { checkInvariants } from '#persistence/invariant-checks.js';
import { command } from '../../../../test/support/messages/messages.js';
import { answerOf } from '../../../../test/support/messages/replies.js';
import { exportOf, LegacyImporter, legacyCodes, legacyUsers } from '../../test/legacy-importer.js';
import { digest, OutsideSystem } from '../../test/outside-system.js';
import { PromotionsHarness } from '../../test/promotions-harness.js';
import { RecordConversions } from '../conversions/record-conversions.js';
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

describe('records of a repeated or later import', () => {
  it('change nothing in a second run', async () => {
    await importer.run({ codes: legacyCodes(), users: legacyUsers() });
    const before = await importer.everything();
    harness.clock.moveBy({ hours: 1 });
    const { summary } = await importer.run({ codes: legacyCodes(), users: legacyUsers() });
    expect(await importer.everything()).toEqual(before);
    expect(summary).toEqual([
      'promo codes: 0 new, 4 known, 5 refused',
      'assignments: 0 new, 5 known, 2 refused',
      'redemptions: 0 new, 6 known, 1 refused',
    ]);
  });

  it('change nothing in a dry run, whose report is that of an import', async () => {
    const before = await importer.everything();
    const trial = await importer.run({ codes: legacyCodes(), users: legacyUsers() }, { trial: true });
    expect(await importer.everything()).toEqual(before);
    expect(await importer.run({ codes: legacyCodes(), users: legacyUsers() })).toEqual(trial);
  });

  it('never overwrite what exists', async () => {
    await importer.run({ codes: legacyCodes(), users: legacyUsers() });
    await harness.query(
      `update promo_code set title = 'Changed here', max_uses = 7, status = 'paused' where code = 'Spring10'`,
    );
    await harness.query(`update person set email = 'new@example.org' where username = 'asha'`);
    await harness.query(`update offer set name = 'Renamed' where id = '65d000000000000000000001'`);
    const before = await importer.everything();
    await importer.run({ codes: legacyCodes(), users: legacyUsers() });
    expect(await importer.everything()).toEqual(before);
  });

  it('leave a code with the same text alone that was not imported, and its counters', async () => {
    await harness.query(
      `insert into promo_code (id, code, folded, kind, percent_bp, max_uses, created_at, updated_at, created_by)
       values ($1, 'SPRING10', 'SPRING10', 'bonus', 500, 1, now(), now(), 'an admin')`,
      [newId()],
    );
    const { lines } = await importer.run({ codes: legacyCodes(), users: legacyUsers() });
    expect(await importer.codeNamed('SPRING10')).toMatchObject({ percent_bp: 500, used: 0, created_by: 'an admin' });
    expect(lines).toContain('promo_codes.json:1: another code “Spring10” exists and stays as it is');
    expect(lines).toContain(
      'user_promo_codes.json:1: the code 65a000000000000000000001 was not imported: it stays as it is',
    );
  });

  it('are imported beside an archived code with the same text, and so is an archived record beside a code', async () => {
    const record = (oid: string, code: string, status: string) => ({
      _id: { $oid: `65a00000000000000000000${oid}` },
      ...{ code, status, percentage: 5, currency: 'EUR' },
    });
    const codes = exportOf('codes.json', [record('1', 'Once', 'active'), record('2', 'Twice', 'archived')]);
    for (const [text, status] of [
      ['ONCE', 'archived'],
      ['TWICE', 'active'],
    ]) {
      await harness.query(
        `insert into promo_code (id, code, folded, kind, percent_bp, status, created_at, updated_at, created_by)
         values ($1, $2, $2, 'bonus', 500, $3, now(), now(), 'an admin')`,
        [newId(), text, status],
      );
    }
    const users = exportOf('users.json', [
      { user_id: 'asha', promo_code: 'once' },
      { user_id: 'asha', promo_code: 'twice' },
    ]);
    await importer.run({ codes, users });
    const applied = await harness.query(
      `select code, status from promo_application join promo_code on promo_code.id = code_id
       where created_by <> 'an admin' order by code`,
    );
    expect(applied).toEqual([
      { code: 'Once', status: 'active' },
      { code: 'Twice', status: 'archived' },
    ]);
  });

  it('add what is new in a later export, and nothing twice, in another order', async () => {
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
    await importer.run({ codes: exportOf('c', [code]), users: exportOf('u', [holder('1', 1), holder('2', 2, 2)]) });
    const { summary } = await importer.run({ users: exportOf('u', [holder('2', 2, 3, 2), holder('1', 1)]) });
    expect(summary.slice(1)).toEqual([
      'assignments: 0 new, 2 known, 0 refused',
      'redemptions: 1 new, 3 known, 0 refused',
    ]);
    expect(await importer.codeNamed('A')).toMatchObject({ used: 4, last_entry: 4, given_minor: 400 });
  });

  describe('whose earnings are in a later export', () => {
    const conversion = 'conv-9';
    const byId = { _id: 'e1', offer_id: 'o', applied_at: '2024-03-01T00:00:00Z' };
    const earned = { offer_id: 'o', earned_at: '2024-03-09T00:00:00Z', amount: 3 };
    const holder = (applications: readonly object[], earnings: readonly object[]) =>
      exportOf('u', [{ user_id: '1', code: 'A', offer_applications: applications, bonus_earnings: earnings }]);

    beforeEach(async () => {
      await importer.run({ codes: exportOf('c', [{ code: 'A', percentage: 5, currency: 'EUR' }]) });
    });

    it.each<[string, object[], object[]]>([
      ['an id', [byId], [{ ...earned, conversion_id: conversion }]],
      ['an instant', [{ ...byId, _id: null }], [{ ...earned, _id: 'b1', conversion_id: conversion }]],
      ['an offer', [{ offer_id: 'o' }], [earned]],
      ['their order alone', [{ offer_id: 'o' }, { offer_id: 'o' }], [{ ...earned, conversion_id: 'x' }, earned]],
    ])('are the same redemptions, identified by %s', async (_, applications, earnings) => {
      await importer.run({ users: holder(applications, []) });
      const before = await importer.everything();
      const { summary } = await importer.run({ users: holder(applications, earnings) });
      expect(summary[2]).toBe(`redemptions: 0 new, ${applications.length} known, 0 refused`);
      expect(await importer.everything()).toEqual(before);
    });

    it('are redeemed once for their conversion, also if it was identified otherwise before', async () => {
      await importer.run({ users: holder([{ ...byId, conversion_id: conversion }], []) });
      const { lines } = await importer.run({ users: holder([byId], [{ ...earned, conversion_id: conversion }]) });
      expect(lines).toEqual(['u:1: the code was redeemed for the conversion conv-9 already']);
      expect(await importer.codeNamed('A')).toMatchObject({ used: 1, last_entry: 1 });
    });
  });

  describe('with conversions that are recorded here', () => {
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
      const outside = await OutsideSystem.open(harness);
      return (conversion_id: string) => outside.record(outside.conversion(idOfLegacyUser(user), { conversion_id }));
    };

    it('during the import earn nothing by a code whose redemptions are not entered yet', async () => {
      await importer.run({ codes: exportOf('c', [code]) });
      const record = await known('1');
      const others = Array.from({ length: 1_000 }, (_, index) => holding(`other-${index}`, `others-${index}`));
      const earned: unknown[] = [];
      async function* slowly() {
        for (const one of [holding('1', 'x'), ...others]) yield `${JSON.stringify(one)}\n`;
        earned.push(...(await record('x')).map(digest));
        yield `${JSON.stringify(holding('1', 'y'))}\n`;
      }
      const { lines, summary } = await importer.run({ users: { name: 'u', chunks: slowly() } });
      expect(earned).toEqual([{ bonuses: [], reasons: [] }]);
      expect(lines).toEqual(['u:1: the conversion x was recorded here and keeps its reply']);
      expect(summary.slice(1)).toEqual([
        'assignments: 1001 new, 1 known, 0 refused',
        'redemptions: 1001 new, 0 known, 1 refused',
      ]);
      expect((await record('z')).map(digest)).toEqual([{ bonuses: [500], reasons: [] }]);
      expect((await record('y')).map(({ redemptions }) => redemptions.length)).toEqual([1]);
      expect(await harness.published()).toHaveLength(1);
    });

    it('of a named sender get the imported redemptions as their reply, and earn nothing again', async () => {
      const exported = { codes: exportOf('c', [code]), users: exportOf('u', [holding('1', 'x')]) };
      await importer.run(exported, { sender: 'shop' });
      await known('1');
      const outside = await OutsideSystem.open(harness);
      const sent = outside.conversion(idOfLegacyUser('1'), { conversion_id: 'x' });
      const [reply] = await harness.get(RecordConversions).execute([command({ conversions: [sent], sender: 'shop' })]);
      // The export has no earning for it; a conversion of its own would earn 5.00.
      expect(answerOf(reply).items.map(digest)).toEqual([{ bonuses: [0], reasons: [] }]);
      expect(await importer.codeNamed('A')).toMatchObject({ used: 1, last_entry: 1 });
    });

    it('keep their reply and get no redemption from a later export', async () => {
      const record = await known('1');
      const [answer] = await record('x');
      await importer.run({ codes: exportOf('c', [code]), users: exportOf('u', [holding('2', 'y')]) });
      const { lines, summary } = await importer.run({ users: exportOf('u', [holding('1', 'x'), holding('2', 'y')]) });
      expect(lines).toEqual(['u:1: the conversion x was recorded here and keeps its reply']);
      expect(summary[2]).toBe('redemptions: 0 new, 1 known, 1 refused');
      expect(await record('x')).toEqual([answer]);
      expect(await importer.codeNamed('A')).toMatchObject({ used: 1, last_entry: 1 });
    });
  });
});
