import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { promoCodeDeactivated, promoCodeRefusals } from '#contracts/promotions/promo-redemptions.js';
import { newId } from '#kernel/ids.js';
import { readFunctions } from '#persistence/functions/function-files.js';
import { Transactions } from '#persistence/transaction.js';
import { PromotionsHarness } from '../../test/promotions-harness.js';
import { someCode } from '../../test/some-code.js';
import { CodesStore } from '../codes/codes.store.js';
import { changeCode, type PromoCode } from '../codes/domain/code.js';
import { AdmitRedemptions } from './admitting/admit-redemptions.js';
import { entryKinds, limitReasons, redemptionStates } from './domain/redemption.js';
import { ReverseRedemptions } from './redeeming/reverse-redemptions.js';

let harness: PromotionsHarness;

beforeAll(async () => {
  harness = await PromotionsHarness.open();
});
afterAll(() => harness[Symbol.asyncDispose]());

const functions = readFunctions(new URL('..', import.meta.url).pathname);

/** Words between single quotes, without those of comments. */
const quoted = (sql: string, pattern: RegExp) =>
  new Set(
    [...sql.replaceAll(/--[^\n]*/g, '').matchAll(/'([^']*)'/g)].flatMap(([, word = '']) => word.match(pattern) ?? []),
  );

describe('what SQL functions name', () => {
  it('are reason codes of the contract', () => {
    const named = functions.flatMap(({ sql }) => [...quoted(sql, /^PROMO_[A-Z_]+$/)]);
    expect(named).toEqual(expect.arrayContaining([...limitReasons, 'PROMO_CODE_NOT_ACTIVE']));
    expect(named.filter((code) => !promoCodeRefusals.some((known) => known === code))).toEqual([]);
  });

  it('are the limits, each in limit_reached alone', () => {
    const stating = functions.filter(({ sql }) => quoted(sql, /^PROMO_CODE_PERSON_LIMIT$/).size > 0);
    expect(stating.map(({ name }) => name)).toEqual(['limit_reached']);
    const [{ sql } = { sql: '' }] = stating;
    expect([...quoted(sql, /^PROMO_.*$/)].sort()).toEqual([...limitReasons].sort());
  });

  it.each([
    ['redemption', 'redemption_state_check', redemptionStates],
    ['redemption_entry', 'redemption_entry_kind_check', entryKinds],
  ])('are the states that the table %s allows', async (_, constraint, states) => {
    const [row] = await harness.query<{ definition: string }>(
      'select pg_get_constraintdef(oid) as definition from pg_constraint where conname = $1',
      [constraint],
    );
    expect([...quoted(row?.definition ?? '', /^[a-z]+$/)].sort()).toEqual([...states].sort());
  });

  it('is the type of the event that is published', () => {
    const types = functions.flatMap(({ sql }) => [...quoted(sql, /^promotions\.[a-z.-]+v\d+$/)]);
    expect(types).toEqual([promoCodeDeactivated.type]);
  });
});

describe('promo-code-deactivated, which count_redemptions builds,', () => {
  const conversion = (id: string) => ({
    stage: 'convert' as const,
    codes: [{ id }],
    personId: newId(),
    offerId: 'offer',
    amountMinor: 10_000,
    currency: 'EUR',
    conversionId: newId(),
  });

  async function events(codeId: string) {
    const rows = await harness.query<{ type: string; data: unknown }>(
      'select type, data from outbox where subject = $1 order by id',
      [codeId],
    );
    return rows.map(({ type, data }) => {
      expect(type).toBe(promoCodeDeactivated.type);
      return promoCodeDeactivated.data.parse(data);
    });
  }

  it('is parsed by its contract, each time that the last redemption is counted', async () => {
    const { id, code } = await someCode(harness, { kind: 'bonus', max_uses: 1 });
    const sql = harness.get(Transactions);
    const [admission] = await harness.get(AdmitRedemptions).execute(sql, [conversion(id)]);
    if (!admission || !('redemptions' in admission)) throw new Error('the code refused');
    await sql.run((tx) =>
      harness.get(ReverseRedemptions).execute(
        tx,
        admission.redemptions.map(({ redemptionId }) => {
          return { redemptionId, reason: 'refund', revenueMinor: 0, cause: null };
        }),
      ),
    );
    await harness.get(AdmitRedemptions).execute(sql, [conversion(id)]);
    const deactivated = { code_id: id, code, reason: 'max_uses_reached', used: 1, max_uses: 1 };
    expect(await events(id)).toMatchObject([deactivated, deactivated]);
  });
});

describe('the status of a code', () => {
  const limits = fc.record({
    max_uses: fc.option(fc.integer({ min: 0, max: 3 })),
    used: fc.integer({ min: 0, max: 3 }),
    auto_deactivate_on_max_uses: fc.boolean(),
    deactivated: fc.boolean(),
  });

  it('is the same after a count in SQL and after an edit in TypeScript', () =>
    fc.assert(
      fc.asyncProperty(limits, async ({ max_uses, used, auto_deactivate_on_max_uses, deactivated }) => {
        fc.pre(max_uses === null || used <= max_uses);
        // Such a row never exists: its last redemption has deactivated it.
        fc.pre(!deactivated || (max_uses !== null && auto_deactivate_on_max_uses));
        const { id } = await someCode(harness, {
          kind: 'bonus',
          max_uses,
          used,
          auto_deactivate_on_max_uses,
          status: deactivated ? 'expired' : 'active',
          auto_deactivated_at: deactivated ? '2026-01-02T00:00:00Z' : null,
        });
        const sql = harness.get(Transactions);
        const [counted] = await sql.query<{ status: string; isDeactivated: boolean }>(
          `select s.status, s.auto_deactivated_at is not null as "isDeactivated"
           from promo_code p, code_status_after(p, p.used, now()) s where p.id = $1`,
          [id],
        );
        const code = (await sql.run((tx) => harness.get(CodesStore).lock(tx, [id]))).get(id) as PromoCode;
        const changed = changeCode(code, code, harness.clock.now());
        expect(counted).toEqual({ status: changed.status, isDeactivated: changed.autoDeactivatedAt !== null });
      }),
      { numRuns: 60 },
    ));
});
