import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newId } from '#kernel/ids.js';
import { Transactions } from '#persistence/transaction.js';
import { PromotionsHarness } from '../../../test/promotions-harness.js';
import { someCode } from '../../../test/some-code.js';
import { violations } from '../../../test/violations.js';
import { AdmitRedemptions } from '../../redemptions/admitting/admit-redemptions.js';
import { ReadRefusals } from './read-refusals.js';
import { RefusalsStore } from './refusals.store.js';
import { RollUpRefusals } from './roll-up-refusals.js';

let harness: PromotionsHarness;

beforeAll(async () => {
  harness = await PromotionsHarness.open();
});
afterAll(async () => {
  expect(await violations(harness)).toEqual([]);
  await harness[Symbol.asyncDispose]();
});

const read = (codeId: string, more: { owned_by?: string | null; from?: string; to?: string } = {}) =>
  harness.get(ReadRefusals).execute({ code_id: codeId, owned_by: null, ...more });
const rollUp = () => harness.get(RollUpRefusals).execute();

/** Several people try the code in one set. */
const tryCode = (id: string, offers: readonly string[]) =>
  harness.get(AdmitRedemptions).execute(
    harness.get(Transactions),
    offers.map((offerId) => ({
      stage: 'hold' as const,
      codes: [{ id }],
      personId: newId(),
      offerId,
      amountMinor: offerId === 'cheap' ? 1 : 4_900,
      currency: 'EUR',
      orderId: newId(),
    })),
  );

const restricted = { max_uses: 1, offers_rule: 'all_but', offers: ['other'], minimum_minor: 100, currency: 'EUR' };

describe('the refusals of a code', () => {
  it('are counted by reason and UTC day, rolled up or not, for its publisher too', async () => {
    const { id, code } = await someCode(harness, { ...restricted, owner_id: 'north-books' });
    harness.clock.moveTo('2026-03-01T23:59:59.999Z');
    await tryCode(id, ['other', 'cheap', 'chess']);
    harness.clock.moveTo('2026-03-02T00:00:00Z');
    await tryCode(id, ['other', 'chess', 'chess']);
    harness.clock.moveTo('2026-03-02T09:00:00Z');
    const expected = {
      code_id: id,
      code,
      from: '2026-03-01',
      to: '2026-03-02',
      refusals: 5,
      reasons: [
        { reason: 'PROMO_CODE_USED_UP', refusals: 2 },
        { reason: 'PROMO_CODE_WRONG_OFFER', refusals: 2 },
        { reason: 'PROMO_CODE_BELOW_MINIMUM', refusals: 1 },
      ],
      days: [
        {
          day: '2026-03-01',
          refusals: 2,
          reasons: [
            { reason: 'PROMO_CODE_BELOW_MINIMUM', refusals: 1 },
            { reason: 'PROMO_CODE_WRONG_OFFER', refusals: 1 },
          ],
        },
        {
          day: '2026-03-02',
          refusals: 3,
          reasons: [
            { reason: 'PROMO_CODE_USED_UP', refusals: 2 },
            { reason: 'PROMO_CODE_WRONG_OFFER', refusals: 1 },
          ],
        },
      ],
    };
    const range = { from: '2026-03-01', to: '2026-03-02' };
    expect(await read(id, range)).toEqual(expected);
    await rollUp();
    expect(await harness.query('select from refusal_not_rolled_up')).toEqual([]);
    expect(await read(id, { ...range, owned_by: 'north-books' })).toEqual(expected);
    await expect(read(id, { owned_by: 'south-books' })).rejects.toMatchObject({ code: 'PROMO_CODE_NOT_FOUND' });
    const byDefault = await read(id);
    expect([byDefault.from, byDefault.days.length, byDefault.refusals]).toEqual(['2026-02-01', 30, 5]);
    await expect(read(id, { from: '2020-01-01' })).rejects.toMatchObject({ code: 'SPAN_TOO_LONG' });
    await expect(read(newId())).rejects.toMatchObject({ code: 'PROMO_CODE_NOT_FOUND' });
  });

  it('are as many as were refused, at any progress of any number of rollups', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.constant('roll up'), fc.constantFrom('other', 'cheap', 'chess')), { maxLength: 12 }),
        async (steps) => {
          const { id } = await someCode(harness, restricted);
          const decided: Promise<unknown>[] = [];
          let refused = 0;
          let isFree = true;
          for (const step of steps) {
            if (step === 'roll up') decided.push(rollUp(), rollUp());
            else {
              const takes = step === 'chess' && isFree;
              if (takes) isFree = false;
              else refused += 1;
              await tryCode(id, [step]);
            }
            expect((await read(id)).refusals).toBe(refused);
          }
          await Promise.all(decided);
          await rollUp();
          expect((await read(id)).refusals).toBe(refused);
        },
      ),
      { numRuns: 15 },
    ));

  it('are not counted for a request that is repeated, or for a text that no code has', async () => {
    const { id } = await someCode(harness);
    const request = { stage: 'hold' as const, codes: [{ id }], personId: newId(), offerId: 'chess' };
    const held = { ...request, amountMinor: 100, currency: 'EUR', orderId: newId() };
    const admit = (requests: readonly (typeof held)[]) =>
      harness.get(AdmitRedemptions).execute(harness.get(Transactions), requests);
    await admit([held, held]);
    await admit([held]);
    const pending = async () => (await harness.query('select from refusal_not_rolled_up')).length;
    const before = await pending();
    await admit([{ ...held, orderId: newId(), codes: [{ id: newId() }] }]);
    expect(await pending()).toBe(before);
    expect((await read(id)).refusals).toBe(0);
  });

  it('are read by index, however many there are', async () => {
    const { id } = await someCode(harness);
    await harness.query(
      `insert into refusal_not_rolled_up
       select gen_random_uuid(), gen_random_uuid(), '2026-03-01', 'R' from generate_series(1, 5000)`,
    );
    await harness.query(
      `insert into rollup_refusal select gen_random_uuid(), '2026-03-01', 'R', 1 from generate_series(1, 5000)`,
    );
    await harness.query('analyze refusal_not_rolled_up, rollup_refusal');
    const statements: { sql: string; values: readonly unknown[] }[] = [];
    const transactions = harness.get(Transactions);
    const query = transactions.query.bind(transactions);
    transactions.query = (sql, values = []) => {
      statements.push({ sql, values });
      return query(sql, values);
    };
    const day = Temporal.PlainDate.from('2026-03-01');
    await harness.get(RefusalsStore).days(id, { from: day, to: day });
    transactions.query = query;
    const [{ sql, values } = { sql: '', values: [] }] = statements;
    const plan = JSON.stringify(await harness.query(`explain ${sql}`, values));
    expect(plan).toContain('refusal_not_rolled_up_of_code');
    expect(plan).toContain('rollup_refusal_pkey');
    expect(plan).not.toContain('Seq Scan');
    await harness.query(`delete from refusal_not_rolled_up where reason = 'R'`);
    await harness.query(`delete from rollup_refusal where reason = 'R'`);
  });
});
