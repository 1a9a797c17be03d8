import { formatMoney } from '#kernel/money.js';
import type { PromoCode } from './code.js';

/** What one code gives, and how it came about, in words. */
export interface Benefit {
  readonly benefitMinor: number;
  readonly explanation: string;
}

type Price = Pick<PromoCode, 'code' | 'kind' | 'percentBp' | 'amountMinor' | 'capMinor'>;
type Promised = Pick<PromoCode, 'percentBp' | 'amountMinor' | 'capMinor' | 'minimumMinor' | 'currency'>;

/**
 * What a code gives of an amount: a share of it, rounded half up to the minor unit, at most the cap; or a fixed amount.
 * A discount is never more than what there is to take it from.
 */
export function benefitOf(terms: Price, amountMinor: number, currency: string): Benefit {
  const { code, kind, percentBp, capMinor } = terms;
  const money = (minor: number) => formatMoney({ amountMinor: minor, currency });
  const share = percentBp === null ? (terms.amountMinor ?? 0) : shareOf(amountMinor, percentBp);
  const capped = capMinor === null ? share : Math.min(share, capMinor);
  const benefitMinor = kind === 'discount' ? Math.min(capped, amountMinor) : capped;
  const notes = [
    percentBp === null ? money(share) : `${formatPercent(percentBp)} of ${money(amountMinor)} is ${money(share)}`,
    ...(capped < share ? [`at most ${money(capped)}`] : []),
    ...(benefitMinor < capped ? [`no more than the ${money(benefitMinor)} that are left`] : []),
  ];
  return {
    benefitMinor,
    explanation: `${code}: ${kind === 'discount' ? 'minus' : 'bonus of'} ${money(benefitMinor)} (${notes.join(', ')})`,
  };
}

/** What a code gives of an amount that nobody has named yet. */
export function promiseOf({ code, ...price }: Price & Promised): string {
  return `${code}: ${price.kind === 'discount' ? 'minus' : 'bonus of'} ${formatBenefit(price)}`;
}

/** What a code gives, in words: "12.5%, at most 50.00 EUR, from 100.00 EUR on". */
export function formatBenefit({ percentBp, amountMinor, capMinor, minimumMinor, currency }: Promised): string {
  // Only a code that names an amount has a currency for certain, and no other asks for one.
  const money = (minor: number) => formatMoney({ amountMinor: minor, currency: currency as string });
  const parts = [percentBp === null ? money(amountMinor ?? 0) : formatPercent(percentBp)];
  if (capMinor !== null) parts.push(`at most ${money(capMinor)}`);
  if (minimumMinor) parts.push(`from ${money(minimumMinor)} on`);
  return parts.join(', ');
}

/** A share in hundredths of a percent, half up. Exact beyond what a double could multiply. */
export function shareOf(amountMinor: number, percentBp: number): number {
  return Number((BigInt(amountMinor) * BigInt(percentBp) + 5_000n) / 10_000n);
}

/** The least amount whose share is not zero. */
export function leastToShare(percentBp: number): number {
  return Math.ceil(5_000 / percentBp);
}

/** `2500` is "25%", `1250` is "12.5%". */
function formatPercent(percentBp: number): string {
  return `${percentBp / 100}%`;
}

/** By precedence, the lowest first; the same whatever the order in which they were named. */
export function inPrecedence<Code extends Pick<PromoCode, 'precedence' | 'id'>>(codes: readonly Code[]): Code[] {
  return codes.toSorted((left, right) => left.precedence - right.precedence || (left.id < right.id ? -1 : 1));
}

/**
 * Takes several discounts off one price, each from what the one before left, so that the parts add up to the whole and
 * the price never falls below zero. One benefit for each, in the order given; null where too little was left to take
 * something from, so that no use goes for nothing.
 */
export function stackDiscounts(codes: readonly Price[], priceMinor: number, currency: string): (Benefit | null)[] {
  let leftMinor = priceMinor;
  return codes.map((terms, index) => {
    const benefit = benefitOf(terms, leftMinor, currency);
    if (index > 0 && benefit.benefitMinor === 0) return null;
    leftMinor -= benefit.benefitMinor;
    return benefit;
  });
}
