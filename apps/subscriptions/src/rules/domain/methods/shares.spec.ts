import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AMOUNT_MINOR_MAX } from '#kernel/money.js';
import { roundings, shareBetween, shareOf, splitEqually } from './shares.js';

const anyAmount = fc.oneof(fc.integer({ min: 0, max: AMOUNT_MINOR_MAX }), fc.integer({ min: 0, max: 100 }));
const anyRounding = fc.constantFrom(...roundings);

describe('an amount that is split', () => {
  it('loses nothing, differs by at most one, and has the larger parts first', () => {
    fc.assert(
      fc.property(anyAmount, fc.integer({ min: 1, max: 1_000 }), (amountMinor, parts) => {
        const split = splitEqually(amountMinor, parts);
        expect(split).toHaveLength(parts);
        expect(split.reduce((sum, part) => sum + part, 0)).toBe(amountMinor);
        expect(Math.max(...split) - Math.min(...split)).toBeLessThanOrEqual(1);
        expect([...split].sort((left, right) => right - left)).toEqual(split);
      }),
    );
  });

  it('is split into one part at least', () => {
    expect(() => splitEqually(100, 0)).toThrow('one part at least');
    expect(() => splitEqually(0.5, 2)).toThrow('whole number');
  });
});

describe('a share', () => {
  it.each([
    [5, 1, 2, [3, 2, 3, 2]],
    [7, 1, 2, [4, 4, 4, 3]],
    [10, 1, 3, [3, 3, 4, 3]],
    [10, 2, 3, [7, 7, 7, 6]],
    [1_000_000_000_000, 365, 366, [997_267_759_563, 997_267_759_563, 997_267_759_563, 997_267_759_562]],
  ])('of %d × %d ÷ %d is rounded each way', (amountMinor, numerator, denominator, expected) => {
    expect(roundings.map((rounding) => shareOf(amountMinor, numerator, denominator, rounding))).toEqual(expected);
  });

  it('in one step equals two', () => {
    const numbers = fc.tuple(...Array.from({ length: 4 }, () => fc.integer({ min: 0, max: 1_000 })));
    fc.assert(
      fc.property(anyAmount, numbers, anyRounding, (amountMinor, unsorted, rounding) => {
        const [to, between, from, denominator] = [...unsorted].sort((left, right) => left - right) as [
          number,
          number,
          number,
          number,
        ];
        fc.pre(denominator > 0);
        const share = (first: number, last: number) =>
          shareBetween(amountMinor, { from: first, to: last, denominator }, rounding);
        expect(share(from, between) + share(between, to)).toBe(share(from, to));
        expect(share(denominator, 0)).toBe(amountMinor);
        expect(share(from, to)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('is of whole parts', () => {
    expect(() => shareOf(1, -1, 2, 'up')).toThrow('whole parts');
    expect(() => shareOf(1, 1, 0, 'up')).toThrow('one part at least');
  });
});
