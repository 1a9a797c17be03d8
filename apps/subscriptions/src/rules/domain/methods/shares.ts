import { assert } from '#kernel/assert.js';

/** How a share of an amount becomes a whole number of minor units. */
export type Rounding = 'half_up' | 'half_even' | 'up' | 'down';

export const roundings = ['half_up', 'half_even', 'up', 'down'] as const satisfies readonly Rounding[];

/** Rounding in words, to complete "rounded …". */
export const inWords: Readonly<Record<Rounding, string>> = {
  half_up: 'to the nearest minor unit, halves up',
  half_even: 'to the nearest minor unit, halves to the even one',
  up: 'up',
  down: 'down',
};

/**
 * `amountMinor × numerator ÷ denominator`, rounded. Exact: it computes with whole numbers of any size.
 * @throws BrokenInvariant unless all are whole, the denominator is above zero and nothing is negative
 */
export function shareOf(amountMinor: number, numerator: number, denominator: number, rounding: Rounding): number {
  assert(
    [amountMinor, numerator].every((each) => Number.isSafeInteger(each) && each >= 0),
    'a share is of whole parts',
  );
  assert(Number.isSafeInteger(denominator) && denominator > 0, 'a share is of one part at least');
  const product = BigInt(amountMinor) * BigInt(numerator);
  const divisor = BigInt(denominator);
  const whole = product / divisor;
  const rest = product % divisor;
  return Number(whole + (roundsUp(whole, rest, divisor, rounding) ? 1n : 0n));
}

function roundsUp(whole: bigint, rest: bigint, divisor: bigint, rounding: Rounding): boolean {
  if (rest === 0n || rounding === 'down') return false;
  if (rounding === 'up') return true;
  if (rest * 2n !== divisor) return rest * 2n > divisor;
  return rounding === 'half_up' || whole % 2n === 1n;
}

/**
 * What an amount for `denominator` units costs between two numbers of remaining units: from the first one down to, but
 * without, the second one. Steps add up: from 10 to 3 costs what 10 to 7 and 7 to 3 cost together.
 */
export function shareBetween(
  amountMinor: number,
  { from, to, denominator }: { readonly from: number; readonly to: number; readonly denominator: number },
  rounding: Rounding,
): number {
  return shareOf(amountMinor, from, denominator, rounding) - shareOf(amountMinor, to, denominator, rounding);
}

/**
 * Splits an amount into equal parts by the largest remainder: none is lost, no two parts differ by more than one minor
 * unit, and the larger parts come first.
 * @throws BrokenInvariant for less than one part
 */
export function splitEqually(amountMinor: number, parts: number): number[] {
  assert(Number.isSafeInteger(parts) && parts >= 1, 'an amount is split into one part at least');
  assert(Number.isSafeInteger(amountMinor) && amountMinor >= 0, 'an amount is a whole number of minor units');
  const rest = amountMinor % parts;
  const least = (amountMinor - rest) / parts;
  return Array.from({ length: parts }, (_, index) => least + (index < rest ? 1 : 0));
}
