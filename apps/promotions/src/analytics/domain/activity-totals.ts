/** A code gives discounts or bonuses. */
export type Kind = 'discount' | 'bonus';

/** The activity of a code in one currency; an empty text stands for no currency. Amounts are minor units. */
export interface ActivityTotals {
  readonly redemptions: number;
  readonly reversals: number;
  readonly currency: string;
  readonly given_minor: number;
  readonly reversed_minor: number;
  readonly revenue_minor: number;
}

/** The numbers of redemptions and reversals, over all currencies. */
export function countsOf(happened: readonly ActivityTotals[]): { redemptions: number; reversals: number } {
  return {
    redemptions: happened.reduce((sum, { redemptions }) => sum + redemptions, 0),
    reversals: happened.reduce((sum, { reversals }) => sum + reversals, 0),
  };
}

/**
 * What it gave, in each currency by itself. A code gives discounts or bonus, and never changes from one to the other.
 */
export function amountsOf(happened: readonly ActivityTotals[], kind: Kind) {
  return happened
    .filter(({ currency }) => currency !== '')
    .map((part) => ({
      currency: part.currency,
      discount_minor: kind === 'discount' ? part.given_minor : 0,
      bonus_minor: kind === 'bonus' ? part.given_minor : 0,
      reversed_minor: part.reversed_minor,
      revenue_minor: part.revenue_minor,
    }));
}
