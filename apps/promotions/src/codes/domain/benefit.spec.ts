import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { payableStepMinor } from '#kernel/money.js';
import { benefitOf, formatBenefit, inPrecedence, leastToShare, promiseOf, shareOf, stackDiscounts } from './benefit.js';

const discount = { code: 'X', kind: 'discount', percentBp: null, amountMinor: null, capMinor: null } as const;
const bonus = { ...discount, kind: 'bonus' } as const;

describe('a share', () => {
  it.each([
    [1_000, 1_000, 100],
    [1_005, 1_000, 101], // 100.5
    [1_004, 1_000, 100],
    [1, 5_000, 1], // 0.5
    [1, 4_999, 0],
    [999, 10_000, 999],
    [0, 2_500, 0],
    [1_000_000_000_000, 3_333, 333_300_000_000],
  ])('of %d by %d hundredths of a percent is %d, half up', (amountMinor, percentBp, share) => {
    expect(shareOf(amountMinor, percentBp)).toBe(share);
  });

  it('is zero below the least amount that has one, and never from it on', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), (percentBp) => {
        const least = leastToShare(percentBp);
        expect([shareOf(least, percentBp), shareOf(least - 1, percentBp)]).toEqual([1, 0]);
      }),
    );
  });
});

describe('a benefit', () => {
  it.each([
    [
      'a percentage',
      { ...discount, percentBp: 1_250 },
      4_000,
      500,
      'X: minus 5.00 EUR (12.5% of 40.00 EUR is 5.00 EUR)',
    ],
    [
      'a percentage with a cap',
      { ...discount, percentBp: 5_000, capMinor: 300 },
      4_000,
      300,
      'X: minus 3.00 EUR (50% of 40.00 EUR is 20.00 EUR, at most 3.00 EUR)',
    ],
    ['a fixed amount', { ...discount, amountMinor: 700 }, 4_000, 700, 'X: minus 7.00 EUR (7.00 EUR)'],
    [
      'a fixed amount above the price',
      { ...discount, amountMinor: 700 },
      400,
      400,
      'X: minus 4.00 EUR (7.00 EUR, no more than the 4.00 EUR that are left)',
    ],
    ['a bonus above what is paid', { ...bonus, amountMinor: 700 }, 400, 700, 'X: bonus of 7.00 EUR (7.00 EUR)'],
  ])('of %s explains its calculation', (_, terms, amountMinor, benefitMinor, explanation) => {
    expect(benefitOf(terms, amountMinor, 'EUR')).toEqual({ benefitMinor, explanation });
  });
});

describe('a discount leaves a price that people can pay', () => {
  it.each([
    [
      'KWD',
      5_999,
      { percentBp: 1_250 },
      749,
      'X: minus 0.749 KWD (12.5% of 5.999 KWD is 0.750 KWD, rounded so that 5.250 KWD can be paid)',
    ],
    ['CHF', 4_995, { percentBp: 1_000 }, 500, 'X: minus 5.00 CHF (10% of 49.95 CHF is 5.00 CHF)'],
    [
      'CHF',
      4_990,
      { percentBp: 333 },
      165,
      'X: minus 1.65 CHF (3.33% of 49.90 CHF is 1.66 CHF, rounded so that 48.25 CHF can be paid)',
    ],
    [
      'KWD',
      5_999,
      { amountMinor: 1_000 },
      999,
      'X: minus 0.999 KWD (1.000 KWD, rounded so that 5.000 KWD can be paid)',
    ],
    [
      'CHF',
      3,
      { percentBp: 5_000 },
      3,
      'X: minus 0.03 CHF (50% of 0.03 CHF is 0.02 CHF, rounded so that 0.00 CHF can be paid)',
    ],
  ])('in %s of %d', (currency, amountMinor, terms, benefitMinor, explanation) => {
    expect(benefitOf({ ...discount, ...terms }, amountMinor, currency)).toEqual({ benefitMinor, explanation });
  });

  it('and is not zero, also where the nearest price is the price before', () => {
    expect(benefitOf({ ...discount, percentBp: 10 }, 10_000, 'SEK').benefitMinor).toBe(100);
  });

  it('within its cap; where the cap allows no such price, it is the cap', () => {
    expect(benefitOf({ ...discount, percentBp: 5_000, capMinor: 747 }, 5_999, 'KWD').benefitMinor).toBe(739);
    expect(benefitOf({ ...discount, percentBp: 5_000, capMinor: 5 }, 5_999, 'KWD').benefitMinor).toBe(5);
  });

  it('and a bonus is as exact as its share', () => {
    expect(benefitOf({ ...bonus, percentBp: 1_250 }, 5_999, 'KWD').benefitMinor).toBe(750);
  });

  it('for any price, share and number of codes', () => {
    const share = fc.record({ percentBp: fc.integer({ min: 1, max: 10_000 }) });
    const fixed = fc.record({ amountMinor: fc.integer({ min: 1, max: 100_000 }) });
    const codes = fc.array(fc.oneof(share, fixed), { minLength: 1, maxLength: 4 });
    const currency = fc.constantFrom('EUR', 'CHF', 'DKK', 'KWD', 'SEK', 'IQD', 'JPY');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), codes, currency, (priceMinor, terms, of) => {
        const stack = terms.map((one) => ({ ...discount, ...one }));
        const [first, ...rest] = stackDiscounts(stack, priceMinor, of);
        const taken = [first, ...rest].reduce((sum, one) => sum + (one?.benefitMinor ?? 0), 0);
        expect([taken >= 0, taken <= priceMinor]).toEqual([true, true]);
        if (first && first.benefitMinor > 0) expect((priceMinor - taken) % payableStepMinor(of)).toBe(0);
      }),
    );
  });
});

it('a promise states the benefit of an unknown amount', () => {
  const open = { minimumMinor: null, currency: 'EUR' };
  expect(promiseOf({ ...discount, ...open, percentBp: 1_250, capMinor: 300 })).toBe('X: minus 12.5%, at most 3.00 EUR');
  expect(promiseOf({ ...bonus, ...open, amountMinor: 700, currency: 'JPY' })).toBe('X: bonus of 700 JPY');
  expect(promiseOf({ ...bonus, ...open, percentBp: 7, minimumMinor: 900 })).toBe('X: bonus of 0.07%, from 9.00 EUR on');
  expect(formatBenefit({ ...bonus, ...open, percentBp: 2_500, currency: null })).toBe('25%');
});

describe('several discounts', () => {
  it('are each taken from the rest of the one before', () => {
    const stack = [
      { ...discount, amountMinor: 1_000 },
      { ...discount, percentBp: 5_000 },
    ];
    expect(stackDiscounts(stack, 4_000, 'EUR').map((one) => one?.benefitMinor)).toEqual([1_000, 1_500]);
    expect(stackDiscounts(stack.toReversed(), 4_000, 'EUR').map((one) => one?.benefitMinor)).toEqual([2_000, 1_000]);
  });

  it('are null for codes after the price is used up', () => {
    const stack = [
      { ...discount, percentBp: 10_000 },
      { ...discount, amountMinor: 1 },
    ];
    expect(stackDiscounts(stack, 4_000, 'EUR').map((one) => one?.benefitMinor ?? null)).toEqual([4_000, null]);
  });

  it('are null for a share that rounds to zero', () => {
    const stack = [
      { ...discount, amountMinor: 3_996 },
      { ...discount, percentBp: 1_000 },
      { ...discount, percentBp: 5_000 },
    ];
    expect(stackDiscounts(stack, 4_000, 'EUR').map((one) => one?.benefitMinor ?? null)).toEqual([3_996, null, 2]);
  });

  it('are sorted by precedence, then by id, for any order of the input', () => {
    const [late, early, twin] = [
      { precedence: 5, id: 'b' },
      { precedence: 1, id: 'c' },
      { precedence: 5, id: 'a' },
    ];
    expect(inPrecedence([late, early, twin])).toEqual([early, twin, late]);
    expect(inPrecedence([twin, late, early])).toEqual([early, twin, late]);
  });

  it('never take more than the price, and their parts add up to the whole', () => {
    const price = fc.integer({ min: 1, max: 1_000_000_000_000 });
    const code = fc.oneof(
      fc.record({
        percentBp: fc.integer({ min: 1, max: 10_000 }),
        capMinor: fc.option(fc.integer({ min: 1, max: 5_000 })),
      }),
      fc.record({ amountMinor: fc.integer({ min: 1, max: 1_000_000_000_000 }) }),
    );
    fc.assert(
      fc.property(price, fc.array(code, { minLength: 1, maxLength: 5 }), (priceMinor, codes) => {
        const parts = stackDiscounts(
          codes.map((terms) => ({ ...discount, ...terms })),
          priceMinor,
          'USD',
        );
        const total = parts.reduce((sum, part) => sum + (part?.benefitMinor ?? 0), 0);
        expect(total).toBeLessThanOrEqual(priceMinor);
        for (const part of parts) expect(part?.benefitMinor ?? 0).toBeGreaterThanOrEqual(0);
        if (codes.some((one) => 'percentBp' in one && one.percentBp === 10_000 && one.capMinor === null)) {
          expect(total).toBe(priceMinor);
        }
      }),
    );
  });
});
