import { minorDigits } from '#kernel/money.js';

/**
 * An amount in major units, as the two decimal replies have it: 1250 of EUR is 12.5, of JPY 1250. A division of whole
 * numbers is the nearest double to the decimal, so JSON writes that decimal.
 */
export function majorUnits(amountMinor: number, currency: string): number {
  return amountMinor / 10 ** minorDigits(currency);
}
