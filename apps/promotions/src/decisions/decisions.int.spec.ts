import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ResponseOf } from '#contracts/contract.js';
import type { listDecisionReceipts } from '#contracts/promotions/decision-receipts.js';
import { newId } from '#kernel/ids.js';
import { Transactions } from '#persistence/transaction.js';
import { PromotionsHarness } from '../../test/promotions-harness.js';
import { someCode } from '../../test/some-code.js';
import { violations } from '../../test/violations.js';
import { AdmitRedemptions } from '../redemptions/admitting/admit-redemptions.js';
import type { RedemptionRequest } from '../redemptions/domain/redemption-request.js';
import { ReverseRedemptions } from '../redemptions/redeeming/reverse-redemptions.js';
import { ListPersonReceipts } from './list-person-receipts.js';
import { ListReceipts } from './list-receipts.js';
import { ReadReceipt } from './read-receipt.js';

let harness: PromotionsHarness;

beforeAll(async () => {
  harness = await PromotionsHarness.open();
});
afterAll(async () => {
  expect(await violations(harness)).toEqual([]);
  await harness[Symbol.asyncDispose]();
});

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const cause = {
  id: newId(),
  correlationId: newId(),
  traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
} as RedemptionRequest['cause'];

const admit = async (...requests: RedemptionRequest[]) =>
  harness.get(AdmitRedemptions).execute(harness.get(Transactions), requests);

const hold = (id: string, personId: string, more: Partial<RedemptionRequest> = {}): RedemptionRequest => ({
  stage: 'hold',
  codes: [{ id }],
  personId,
  offerId: 'chess',
  amountMinor: 4_900,
  currency: 'EUR',
  orderId: newId(),
  cause: cause as NonNullable<RedemptionRequest['cause']>,
  ...more,
});

type Filter = Omit<Parameters<ListReceipts['execute']>[0], 'limit'>;
const list = (filter: Filter): Promise<ResponseOf<typeof listDecisionReceipts>> =>
  harness.get(ListReceipts).execute({ limit: 200, ...filter });

const always = { enabled: true, start_time: '06:00', end_time: '09:00', timezone: 'Asia/Kolkata' };

describe('a receipt', () => {
  it('names the order, the redemption and the request, of admissions and reversals', async () => {
    const { id, code } = await someCode(harness, { max_uses: 1 });
    const [asha, ben] = [newId(), newId()];
    const request = hold(id, asha);
    const [admission] = await admit(request);
    const redemptionId = admission && 'redemptions' in admission ? admission.redemptions[0]?.redemptionId : undefined;
    await admit(hold(id, ben));
    const [refused, held] = (await list({ code_id: id })).items;
    expect(held).toMatchObject({
      what: 'hold',
      allowed: true,
      reason: null,
      explanation: 'The code was held for an order.',
      code,
      order_id: request.orderId,
      redemption_id: redemptionId,
      trace_id: traceId,
      conversion_id: null,
      before: { used: 0, held: 0 },
      after: { used: 0, held: 1, of_person: 1 },
    });
    expect(refused).toMatchObject({
      allowed: false,
      reason: 'PROMO_CODE_USED_UP',
      explanation: 'This promo code has reached its usage limit: 0 used and 1 held before.',
      redemption_id: null,
      trace_id: traceId,
    });
    const { id: bonus } = await someCode(harness, { kind: 'bonus', amount_minor: 5, currency: 'EUR' });
    const conversion = hold(bonus, asha, { stage: 'convert', orderId: null, conversionId: 'c-1', sender: 'shop' });
    const [earned] = await admit(conversion);
    const earnedId = earned && 'redemptions' in earned ? String(earned.redemptions[0]?.redemptionId) : '';
    const transactions = harness.get(Transactions);
    await transactions.run((tx) =>
      harness
        .get(ReverseRedemptions)
        .execute(tx, [{ redemptionId: earnedId, reason: 'refund', revenueMinor: 0, cause: cause as never }]),
    );
    expect((await list({ code_id: bonus })).items).toMatchObject([
      {
        what: 'reverse',
        redemption_id: earnedId,
        conversion_id: 'c-1',
        trace_id: traceId,
        explanation: 'The redemption was reversed: the slot is free again.',
      },
      { what: 'convert', redemption_id: earnedId, conversion_id: 'c-1', order_id: null },
    ]);
  });

  it('shows every rule in order with what it saw, those after the refusal, and when the code opens', async () => {
    const { id } = await someCode(harness, { active_hours: always, days: [1, 2, 3, 4, 5], max_uses: 3 });
    await admit(hold(id, newId()));
    const [{ receipt_id: receiptId } = { receipt_id: '' }] = (await list({ code_id: id })).items;
    const receipt = await harness.get(ReadReceipt).execute({ receipt_id: receiptId });
    const saw = '06:00–09:00 on days 1, 2, 3, 4, 5; it is 2026-03-02 14:30:00 in Asia/Kolkata';
    expect(receipt.explanation).toBe(`This promo code is outside its active hours: ${saw}.`);
    expect(receipt.steps).toEqual([
      { rule: 'kind', result: 'passed', saw: 'discount' },
      { rule: 'status', result: 'passed', saw: 'active' },
      { rule: 'validity', result: 'passed', saw: 'ever to ever' },
      { rule: 'hours', result: 'failed', saw },
      ...[
        'audience',
        'offer',
        'currency',
        'minimum',
        'uses',
        'person_uses',
        'new_person_uses',
        'offer_uses',
        'budget',
      ].map((rule) => ({ rule, result: 'not_evaluated', saw: null })),
    ]);
    expect(receipt.next_opens_at).toBe('2026-03-03T00:30:00Z');
    expect(receipt.before).toMatchObject({ used: 0, held: 0, of_person: null });
  });

  it('shows the limit that is reached, and what concerns several codes together', async () => {
    const person = newId();
    const single = await someCode(harness, { max_uses_per_person: 1 });
    await admit(hold(single.id, person));
    await admit(hold(single.id, person));
    const stepsOfNewest = async (codeId: string) => {
      const [newest] = (await list({ code_id: codeId })).items;
      const { steps } = await harness.get(ReadReceipt).execute({ receipt_id: String(newest?.receipt_id) });
      return steps.flatMap(({ rule, result }) => (result === 'passed' ? [] : [`${rule} ${result}`]));
    };
    expect(await stepsOfNewest(single.id)).toEqual([
      'person_uses failed',
      'new_person_uses not_evaluated',
      'offer_uses not_evaluated',
      'budget not_evaluated',
    ]);
    const [one, other] = [await someCode(harness, { stacking: 'combinable' }), await someCode(harness)];
    await admit(hold(one.id, person, { codes: [{ id: one.id }, { id: other.id }] }));
    expect((await stepsOfNewest(one.id))[0]).toBe('together failed');
    expect((await stepsOfNewest(other.id))[0]).toBe('together failed');
    expect((await list({ code_id: one.id })).items[0]?.explanation).toBe(
      'Another code of the same request was refused.',
    );
    await expect(harness.get(ReadReceipt).execute({ receipt_id: newId() })).rejects.toMatchObject({
      code: 'RECEIPT_NOT_FOUND',
    });
  });
});

describe('the list of receipts', () => {
  it('has those that match, newest first, and is counted only on request', async () => {
    const { id } = await someCode(harness, { max_uses: 2 });
    const person = newId();
    const order = newId();
    const [first, second] = [harness.clock.now(), harness.clock.now().add({ seconds: 1 })];
    await admit(hold(id, person, { orderId: order }));
    harness.clock.moveTo(second);
    await admit(hold(id, newId()), hold(id, newId()));
    await admit(hold(id, person, { stage: 'apply', orderId: null }));
    const count = async (filter: Filter) => {
      const { items, total } = await list({ code_id: id, count: true, ...filter });
      expect(total).toBe(items.length);
      return items.length;
    };
    expect((await list({ code_id: id })).total).toBeUndefined();
    expect(await count({})).toBe(4);
    expect(await count({ allowed: true })).toBe(2);
    expect(await count({ allowed: false })).toBe(2);
    expect(await count({ reason: 'PROMO_CODE_USED_UP' })).toBe(1);
    expect(await count({ what: 'apply' })).toBe(1);
    expect(await count({ order_id: order })).toBe(1);
    expect(await count({ person_id: person })).toBe(2);
    expect(await count({ from: second.toString() })).toBe(3);
    expect(await count({ to: second.toString() })).toBe(1);
    expect(await count({ from: first.toString(), to: first.toString() })).toBe(0);
    expect((await list({ order_id: order })).items).toHaveLength(1);
    harness.clock.moveTo(first);
  });
});

describe('a person', () => {
  const own = async (personId: string) =>
    (await harness.get(ListPersonReceipts).execute({ person_id: personId, limit: 50 })).items;

  it('sees the precise reason of codes that they hold, without the uses of others', async () => {
    const person = newId();
    const { id, code } = await someCode(harness, { max_uses_per_person: 1 });
    await admit(hold(id, person));
    await admit(hold(id, person));
    const [refused, held] = await own(person);
    expect(held).toMatchObject({ allowed: true, code, code_id: id, explanation: 'The code was held for an order.' });
    expect(refused).toMatchObject({ allowed: false, code, code_id: id, reason: 'PROMO_CODE_PERSON_LIMIT' });
    const limits = refused?.steps.filter(({ rule }) => /uses|budget/.test(rule)) ?? [];
    expect(limits.map(({ saw }) => saw)).toEqual([null, null, null, null, null]);
    expect(JSON.stringify([refused, held])).not.toMatch(/before|given|counters/);
  });

  it('sees the same of a code that they do not hold and of one that does not exist', async () => {
    const person = newId();
    const secret = await someCode(harness, { code: `Secret-${newId()}`, status: 'paused', max_uses: 7 });
    const other = await someCode(harness, { stacking: 'combinable' });
    await admit(hold('', person, { codes: [{ written: secret.code.toLowerCase() }] }));
    await admit(hold('', person, { codes: [{ written: `none-${newId()}` }] }));
    await admit(hold('', person, { codes: [{ written: other.code }, { written: 'nothing' }] }));
    const receipts = await own(person);
    expect(receipts).toHaveLength(4);
    for (const { code, receipt_id: _, order_id: __, at: ___, ...rest } of receipts) {
      expect(code).toBe(code.toUpperCase());
      expect(rest).toEqual({
        what: 'hold',
        allowed: false,
        reason: 'PROMO_CODE_NOT_USABLE',
        explanation: 'This promo code cannot be used here.',
        code_id: null,
        offer_id: 'chess',
        conversion_id: null,
        local_time: null,
        timezone: null,
        steps: [],
      });
    }
    expect(await own(newId())).toEqual([]);
  });
});
