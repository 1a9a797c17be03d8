import { assert } from '#kernel/assert.js';
import { formatMoney, type Money } from '#kernel/money.js';
import { Refusal } from '#kernel/refusal.js';
import type { Quote } from '../../rules/domain/methods/method.js';
import { explain } from '../../rules/domain/rule.js';

/** The discount of one promo code, as promotions computed it. */
export interface Discount {
  readonly code: string;
  readonly discountMinor: number;
  /** For people to read. */
  readonly explanation: string;
  /** The use of the code in promotions, once it is held. */
  readonly redemptionId?: string | undefined;
}

/** The sum of the discounts, in minor units. */
export function totalOf(discounts: readonly Discount[]): number {
  return discounts.reduce((sum, { discountMinor }) => sum + discountMinor, 0);
}

/** The amount of a price less the discounts, in minor units. @throws BrokenInvariant when they exceed the price */
export function discountedMinor(priceMinor: number, discounts: readonly Discount[]): number {
  const amountMinor = priceMinor - totalOf(discounts);
  assert(amountMinor >= 0, 'discounts are at most the price');
  return amountMinor;
}

/** The steps of the rule, the discount of each code, and the amount that remains. */
export function explainDiscounted(
  quote: Pick<Quote, 'trace'>,
  discounts: readonly Discount[],
  remaining: Money,
): string {
  if (discounts.length === 0) return explain(quote);
  const codes = discounts.map(({ explanation }) => (/[.!?]$/.test(explanation) ? explanation : `${explanation}.`));
  const rest =
    remaining.amountMinor === 0 ? 'Nothing remains to be paid.' : `${formatMoney(remaining)} remain to be paid.`;
  return [explain(quote), ...codes, rest].join(' ');
}

/** A free class has no price for a promo code to lower. */
export function nothingToDiscount(): Refusal {
  return new Refusal('NOTHING_TO_DISCOUNT', 'The class is free: order it without a promo code.', {
    field: 'promo_codes',
  });
}
