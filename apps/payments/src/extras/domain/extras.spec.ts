import { describe, expect, it } from '@jest/globals';
import { growthOfExtras, standingExtras, sumOfExtras } from './extras.js';

const payment = { amountMinor: 130, extras: { tip: 5, tax: 20, shipping: 5 } };

describe('the extras of a payment', () => {
  it('stand whole while refunds take the part of the person', () => {
    expect(standingExtras({ ...payment, refundedMinor: 100 })).toEqual(payment.extras);
  });

  it.each([
    [103, { tip: 2, tax: 20, shipping: 5 }],
    [115, { tip: 0, tax: 10, shipping: 5 }],
    [130, { tip: 0, tax: 0, shipping: 0 }],
  ])('give back what refunds of %d take above it', (refundedMinor, standing) => {
    expect(standingExtras({ ...payment, refundedMinor })).toEqual(standing);
  });

  it('move by what grows, and what shrinks is the growth the other way round', () => {
    const [before, after] = [
      { tax: 20, tip: 5 },
      { tax: 15, shipping: 3 },
    ];
    const kinds = (moves: ReturnType<typeof growthOfExtras>) =>
      moves.map(({ kind, account, amountMinor }) => [kind, account.kind, amountMinor]);
    expect(kinds(growthOfExtras(before, after, 'EUR'))).toEqual([['shipping', 'shipping', 3]]);
    expect(kinds(growthOfExtras(after, before, 'EUR'))).toEqual([
      ['tip', 'tip', 5],
      ['tax', 'tax', 5],
    ]);
    expect(sumOfExtras(payment.extras)).toBe(30);
  });
});
