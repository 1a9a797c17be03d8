import { type Money, minorDigits } from '#kernel/money.js';

/**
 * The currencies that Stripe counts in other units than the minor ones of ISO 4217, with what turns the one into the
 * other. Krónur and shillings have no minor unit any more and keep two digits in Stripe’s API; the ariary has one on
 * paper, and none there (https://docs.stripe.com/currencies: “zero-decimal currencies”, “special cases”).
 */
const otherUnits: Readonly<Record<string, { minor(units: number): number; units(minor: number): number }>> = {
  ISK: { minor: (units) => units / 100, units: (minor) => minor * 100 },
  UGX: { minor: (units) => units / 100, units: (minor) => minor * 100 },
  MGA: { minor: (units) => units * 100, units: (minor) => minor / 100 },
};

/** Stripe's units as minor units: a part of a króna stays a fraction, which is no amount of a payment. */
export function minorOfStripe(units: number, currency: string): number {
  return otherUnits[currency]?.minor(units) ?? units;
}

/** A whole amount in minor units as Stripe counts it. */
export function stripeUnitsOf({ amountMinor, currency }: Money): number {
  return otherUnits[currency]?.units(amountMinor) ?? amountMinor;
}

/**
 * The smallest amount that Stripe takes and that is not below this one, in minor units. It takes currencies of three
 * digits in tens (https://docs.stripe.com/currencies#three-decimal), and whole ariary.
 */
export function stripeAmountAbove({ amountMinor, currency }: Money): number {
  const step = currency === 'MGA' ? 100 : minorDigits(currency) === 3 ? 10 : 1;
  return Math.ceil(amountMinor / step) * step;
}
