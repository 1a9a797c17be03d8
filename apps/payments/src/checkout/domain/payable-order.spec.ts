import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { orRefusal, Refusal } from '#kernel/refusal.js';
import { type MoneyForOrder, type OrderToPay, payableOf } from './payable-order.js';

const now = Temporal.Instant.from('2026-03-02T09:00:00Z');
const order: OrderToPay = {
  orderId: 'order',
  personId: 'person',
  title: 'Pottery',
  state: 'opened',
  amountMinor: 4_900,
  currency: 'EUR',
  waitsFor: 'payment',
  expiresAt: now.add({ hours: 48 }),
};
const none: MoneyForOrder = { state: 'open', availableMinor: 0, owedMinor: 0, waitingBefore: 0 };
const payable = (money: Partial<MoneyForOrder>, more: Partial<OrderToPay> = {}) =>
  payableOf({ ...order, ...more }, { ...none, ...money }, now);

describe('what is paid for an order', () => {
  it.each([
    ['all of it by a person without a balance', {}, 4_900, 0],
    ['the rest of a balance', { availableMinor: 2_000 }, 2_900, 2_000],
    ['all of it where an older order waits for the balance', { availableMinor: 2_000, waitingBefore: 1 }, 4_900, 0],
    ['a debt on top', { owedMinor: 300 }, 5_200, 0],
    ['all of it before order-opened has arrived', { state: null }, 4_900, 0],
  ] as const)('is %s', (_, money, amountMinor, balanceMinor) => {
    expect(payable(money)).toMatchObject({ lacksMinor: amountMinor, balanceMinor });
  });

  it('is nothing that the balance covers', () => {
    expect(() => payable({ state: null, availableMinor: 4_900 })).toThrow(
      '49.00 EUR are available and pay this order at once.',
    );
  });

  it.each(['reserved', 'settled', 'withdrawn'] as const)('is nothing for a receivable that is %s', (state) => {
    expect(() => payable({ state })).toThrow(Refusal);
  });

  // As funding decides it: a named order is covered by all that its person has, after debts.
  it('always covers the order, and leaves no more than older orders wait for', () => {
    const amount = fc.integer({ min: 0, max: 10_000 });
    const money = fc.record({
      availableMinor: amount,
      owedMinor: amount,
      waitingBefore: fc.integer({ min: 0, max: 2 }),
    });
    fc.assert(
      fc.property(money, fc.integer({ min: 1, max: 10_000 }), (given, amountMinor) => {
        // Nobody with a debt has a balance.
        const known = { ...given, availableMinor: given.owedMinor > 0 ? 0 : given.availableMinor };
        const result = orRefusal(() => payable(known, { amountMinor }));
        if (result instanceof Refusal) return expect(known.availableMinor).toBeGreaterThanOrEqual(amountMinor);
        const left = known.availableMinor + result.lacksMinor - known.owedMinor - amountMinor;
        return expect(left).toBe(known.waitingBefore > 0 ? known.availableMinor : 0);
      }),
    );
  });
});
