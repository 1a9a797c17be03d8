import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newId } from '#kernel/ids.js';
import { Transactions } from '#persistence/transaction.js';
import { OutsideSystem } from '../../test/outside-system.js';
import { PromotionsHarness } from '../../test/promotions-harness.js';
import { type CodeColumns, someCode } from '../../test/some-code.js';
import { AdmitRedemptions } from '../redemptions/admitting/admit-redemptions.js';
import { SimulateCode } from './simulate-code.js';
import { SimulationStore } from './simulation.store.js';

let harness: PromotionsHarness;

beforeAll(async () => {
  harness = await PromotionsHarness.open();
});
afterAll(() => harness[Symbol.asyncDispose]());

type Request = Parameters<SimulateCode['execute']>[0];
const simulate = (codeId: string, request: Partial<Request> = {}) =>
  harness.get(SimulateCode).execute({ code_id: codeId, ...request });

const morning = { enabled: true, start_time: '06:00', end_time: '09:00', timezone: 'Asia/Kolkata' };

/** Every row of every table of the service. */
async function everything(): Promise<string> {
  const tables = await harness.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname = 'public' order by 1`,
  );
  expect(tables.length).toBeGreaterThan(15);
  const contents: unknown[] = [];
  for (const { name } of tables) {
    const [row] = await harness.query<{ rows: string }>(
      `select coalesce(md5(string_agg(t::text, ',' order by t::text)), '') as rows from "${name}" t`,
    );
    contents.push([name, row?.rows]);
  }
  return JSON.stringify(contents);
}

describe('a simulation', () => {
  it('shows every rule and limit at another time, and what the code would give', async () => {
    const { id, code } = await someCode(harness, {
      active_hours: morning,
      max_uses: 3,
      valid_until: '2026-04-01T00:00:00Z',
    });
    const now = await simulate(id, { amount_minor: 4_900, currency: 'EUR' });
    expect(now).toMatchObject({
      code,
      what: 'hold',
      at: '2026-03-02T09:00:00Z',
      as_of: '2026-03-02T09:00:00Z',
      allowed: false,
      reason: 'PROMO_CODE_OUTSIDE_HOURS',
      local_time: '2026-03-02 14:30:00',
      timezone: 'Asia/Kolkata',
      next_opens_at: '2026-03-03T00:30:00Z',
      closes_at: null,
      benefit_minor: 490,
    });
    expect(now.explanation).toMatch(
      /^This promo code is outside its active hours: 06:00–09:00; it is 2026-03-02 14:30:00/,
    );
    expect(now.steps.map(({ rule, result }) => `${rule} ${result}`)).toEqual([
      'kind passed',
      'status passed',
      'validity passed',
      'hours failed',
      'audience passed',
      'offer passed',
      'currency passed',
      'minimum passed',
      'uses passed',
      'person_uses passed',
      'new_person_uses passed',
      'offer_uses passed',
      'budget passed',
    ]);
    const later = await simulate(id, { at: '2026-03-03T01:00:00Z' });
    expect(later).toMatchObject({
      allowed: true,
      reason: null,
      explanation: 'The code works.',
      local_time: '2026-03-03 06:30:00',
      closes_at: '2026-03-03T03:31:00Z',
      benefit_minor: null,
      benefit: `${code}: minus 10%`,
    });
    expect(await simulate(id, { at: '2026-04-02T01:00:00Z' })).toMatchObject({ reason: 'PROMO_CODE_EXPIRED' });
    await expect(simulate(newId())).rejects.toMatchObject({ code: 'PROMO_CODE_NOT_FOUND' });
    await expect(simulate(id, { currency: 'XXY' })).rejects.toMatchObject({ code: 'CURRENCY_UNKNOWN' });
  });

  it('is for a person: listed, new, with their own uses, and with what they applied', async () => {
    const system = await OutsideSystem.open(harness);
    const [asha, ben] = (await system.persons(2)) as [string, string];
    const listed = await someCode(harness, { audience: 'listed', max_uses_per_person: 1 });
    await harness.query('insert into promo_code_person values ($1, $2)', [listed.id, asha]);
    expect(await simulate(listed.id)).toMatchObject({ allowed: true });
    expect(await simulate(listed.id, { person_id: ben })).toMatchObject({ reason: 'PROMO_CODE_WRONG_AUDIENCE' });
    expect(await simulate(listed.id, { person_id: asha })).toMatchObject({ allowed: true });
    await harness.query('insert into promo_code_person_usage values ($1, $2, 1)', [listed.id, asha]);
    expect(await simulate(listed.id, { person_id: asha })).toMatchObject({
      reason: 'PROMO_CODE_PERSON_LIMIT',
      counters: { of_person: 1 },
    });
    const forNew = await someCode(harness, { audience: 'new_persons' });
    await harness.query('update person set has_closed_order = true where id = $1', [asha]);
    await harness.query('insert into new_person_usage values ($1, 1)', [ben]);
    expect(await simulate(forNew.id, { person_id: asha })).toMatchObject({ reason: 'PROMO_CODE_WRONG_AUDIENCE' });
    expect(await simulate(forNew.id, { person_id: ben })).toMatchObject({ reason: 'PROMO_CODE_NEW_PERSON_LIMIT' });
    const bonus = await someCode(harness, { kind: 'bonus', active_hours: morning });
    expect(await simulate(bonus.id, { person_id: asha })).toMatchObject({ what: 'apply', allowed: false });
    await system.apply([asha], [bonus.id]);
    expect(await simulate(bonus.id, { person_id: asha })).toMatchObject({ what: 'convert', allowed: true });
    expect(await simulate(bonus.id, { what: 'hold' })).toMatchObject({ reason: 'PROMO_CODE_WRONG_KIND' });
  });

  it('writes nothing: every table is as it was, and the database would refuse it', async () => {
    const { id } = await someCode(harness, { max_uses: 1, budget_minor: 1, currency: 'EUR', active_hours: morning });
    const before = await everything();
    const person = newId();
    const requests: Partial<Request>[] = [
      {},
      { person_id: person, offer_id: 'chess', amount_minor: 4_900, currency: 'EUR', at: '2026-03-03T01:00:00Z' },
      { person_id: person, what: 'convert' },
    ];
    for (const request of requests) await simulate(id, request);
    expect(await everything()).toBe(before);
    const writing = harness.get(Transactions).run(async (tx) => {
      await harness.get(SimulationStore).beReadOnly(tx);
      await tx.query('update promo_code set used = 1 where id = $1', [id]);
    });
    await expect(writing).rejects.toThrow(/read-only/);
  });

  const terms: fc.Arbitrary<CodeColumns> = fc.record({
    status: fc.constantFrom('active', 'active', 'paused', 'draft'),
    active_hours: fc.constantFrom(morning, { ...morning, enabled: false }),
    audience: fc.constantFrom('everyone', 'listed', 'new_persons'),
    offers_rule: fc.constantFrom('all', 'all_but'),
    offers: fc.constant(['other']),
    minimum_minor: fc.constantFrom(null, 5_000),
    budget_minor: fc.constantFrom(null, 489, 490),
    max_uses: fc.constantFrom(null, 1, 2),
    max_uses_per_person: fc.constantFrom(null, 1),
    max_uses_per_offer: fc.constantFrom(null, 1),
    valid_from: fc.constantFrom(null, '2026-03-02T10:00:00Z'),
  });

  it('says what a decision then says, for any terms, person, offer and uses before', () =>
    fc.assert(
      fc.asyncProperty(
        terms,
        fc.array(fc.record({ person: fc.nat(1), offer: fc.constantFrom('chess', 'other'), isOpen: fc.boolean() }), {
          minLength: 1,
          maxLength: 4,
        }),
        async (columns, tries) => {
          const { id } = await someCode(harness, { currency: 'EUR', ...columns });
          const persons = [newId(), newId()] as const;
          for (const { person, offer, isOpen } of tries) {
            harness.clock.moveTo(isOpen ? '2026-03-03T01:00:00Z' : '2026-03-02T09:00:00Z');
            const personId = persons[person] as string;
            const amount = { amount_minor: 4_900, currency: 'EUR' };
            const simulated = await simulate(id, { person_id: personId, offer_id: offer, ...amount });
            const [admission] = await harness.get(AdmitRedemptions).execute(harness.get(Transactions), [
              {
                stage: 'hold',
                codes: [{ id }],
                personId,
                offerId: offer,
                amountMinor: 4_900,
                currency: 'EUR',
                orderId: newId(),
              },
            ]);
            const reason = admission && 'refusal' in admission ? admission.refusal.code : null;
            expect(simulated.reason).toBe(reason);
          }
          harness.clock.moveTo('2026-03-02T09:00:00Z');
        },
      ),
      { numRuns: 60 },
    ));
});
