import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { iso4217 } from '#kernel/iso-4217.js';
import { minorOfStripe, stripeAmountAbove, stripeUnitsOf } from './stripe-units.js';

it.each([
  ['EUR', 4_900, 4_900],
  ['JPY', 4_900, 4_900],
  ['ISK', 4_900, 490_000],
  ['UGX', 4_900, 490_000],
  ['MGA', 490_000, 4_900],
])('in %s %d are %d units of Stripe', (currency, amountMinor, units) => {
  expect(stripeUnitsOf({ amountMinor, currency })).toBe(units);
  expect(minorOfStripe(units, currency)).toBe(amountMinor);
});

it('what Stripe takes is never below what is asked for, by less than a step, and comes back as it was', () => {
  const currency = fc.constantFrom(...iso4217.keys());
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 99_999_999 }), currency, (amountMinor, code) => {
      const taken = stripeAmountAbove({ amountMinor, currency: code });
      const units = stripeUnitsOf({ amountMinor: taken, currency: code });
      expect(taken - amountMinor).toBeGreaterThanOrEqual(0);
      expect(taken - amountMinor).toBeLessThan(code === 'MGA' ? 100 : 10);
      expect(Number.isInteger(units)).toBe(true);
      expect(minorOfStripe(units, code)).toBe(taken);
    }),
  );
});
