import { formatMoney, payableStepMinor, toPayable } from '#kernel/money.js';
import type { PromoCode } from './code.js';

/** The benefit of one code, and its calculation in words. */
export interface Benefit {
  readonly benefitMinor: number;
  readonly explanation: string;
}

type Price = Pick<PromoCode, 'code' | 'kind' | 'percentBp' | 'amountMinor' | 'capMinor'>;
type Promised = Pick<PromoCode, 'percentBp' | 'amountMinor' | 'capMinor' | 'minimumMinor' | 'currency'>;

/**
 * The benefit of a code for an amount: a share of it, rounded half up to the minor unit and at most the cap, or a
 * fixed amount. A discount is never higher than the amount, and leaves a price that people can pay.
 */
export function benefitOf(terms: Price, amountMinor: number, currency: string): Benefit {
  const { code, kind, percentBp, capMinor } = terms;
  const money = (minor: number) => formatMoney({ amountMinor: minor, currency });
  const share = percentBp === null ? (terms.amountMinor ?? 0) : shareOf(amountMinor, percentBp);
  const capped = capMinor === null ? share : Math.min(share, capMinor);
  const exactMinor = kind === 'discount' ? Math.min(capped, amountMinor) : capped;
  const most = { amountMinor, mostMinor: Math.min(amountMinor, capMinor ?? amountMinor) };
  const benefitMinor = kind === 'discount' ? roundedDiscount(exactMinor, most, currency) : exactMinor;
  const notes = [
    percentBp === null ? money(share) : `${formatPercent(percentBp)} of ${money(amountMinor)} is ${money(share)}`,
    ...(capped < share ? [`at most ${money(capped)}`] : []),
    ...(exactMinor < capped ? [`no more than the ${money(exactMinor)} that are left`] : []),
    ...(benefitMinor === exactMinor ? [] : [`rounded so that ${money(amountMinor - benefitMinor)} can be paid`]),
  ];
  return {
    benefitMinor,
    explanation: `${code}: ${kind === 'discount' ? 'minus' : 'bonus of'} ${money(benefitMinor)} (${notes.join(', ')})`,
  };
}

/**
 * The discount that leaves a payable price: the nearest one that is not zero and at most `mostMinor`. Where a cap
 * allows none, the discount is as exact as the cap.
 */
function roundedDiscount(
  exactMinor: number,
  { amountMinor, mostMinor }: { amountMinor: number; mostMinor: number },
  currency: string,
): number {
  const step = payableStepMinor(currency);
  if (exactMinor === 0 || step === 1) return exactMinor;
  const left = amountMinor - exactMinor;
  const below = left - (left % step);
  const nearest = toPayable({ amountMinor: left, currency });
  const payable = [nearest, below, below + step].map((leftMinor) => amountMinor - leftMinor);
  return payable.find((discount) => discount > 0 && discount <= mostMinor) ?? exactMinor;
}

/** The benefit of a code before the amount is known, in words. */
export function promiseOf({ code, ...price }: Price & Promised): string {
  return `${code}: ${price.kind === 'discount' ? 'minus' : 'bonus of'} ${formatBenefit(price)}`;
}

/** The benefit that a code states, in words: "12.5%, at most 50.00 EUR, from 100.00 EUR on". */
export function formatBenefit({ percentBp, amountMinor, capMinor, minimumMinor, currency }: Promised): string {
  // A code with an amount always has a currency; a code without one formats no money.
  const money = (minor: number) => formatMoney({ amountMinor: minor, currency: currency as string });
  const parts = [percentBp === null ? money(amountMinor ?? 0) : formatPercent(percentBp)];
  if (capMinor !== null) parts.push(`at most ${money(capMinor)}`);
  if (minimumMinor) parts.push(`from ${money(minimumMinor)} on`);
  return parts.join(', ');
}

/** A share in hundredths of a percent, rounded half up; exact also where a double would not be. */
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

/** Sorts codes by precedence, the lowest first, then by id: the order of the input does not matter. */
export function inPrecedence<Code extends Pick<PromoCode, 'precedence' | 'id'>>(codes: readonly Code[]): Code[] {
  return codes.toSorted((left, right) => left.precedence - right.precedence || (left.id < right.id ? -1 : 1));
}

/**
 * Takes several discounts off one price, each from what the one before left: the parts add up to the whole and the
 * price never falls below zero.
 * @returns one benefit for each code, in order; null for a code after the first whose benefit would be zero
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
