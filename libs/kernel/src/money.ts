import { assert } from './assert.js';
import { iso4217 } from './iso-4217.js';

/** An amount in minor units (cents, paise; yen as they are) of one ISO 4217 currency. */
export interface Money {
  readonly amountMinor: number;
  readonly currency: string;
}

/**
 * The largest amount of one order or payment: a million million minor units. The sum of nine thousand such amounts is
 * still exact in a JavaScript number; a Postgres bigint holds nine million of them.
 */
export const AMOUNT_MINOR_MAX = 1_000_000_000_000;

/** Whether `code` is an active currency of ISO 4217, in upper case. */
export function isCurrency(code: string): boolean {
  return iso4217.has(code);
}

/** Whether `value` can be the amount of a payment: a whole number of minor units, above zero and within bounds. */
export function isPayableAmount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0 && (value as number) <= AMOUNT_MINOR_MAX;
}

/** The number of digits after the point in `currency` by ISO 4217: 2 for EUR and HUF, 0 for JPY, 3 for KWD. */
export function minorDigits(currency: string): number {
  return iso4217.get(currency) ?? 2;
}

/**
 * The smallest step that people can pay, in minor units, where it is not one. Providers take currencies of three digits
 * in tens (https://docs.stripe.com/currencies#three-decimal). Others have no coin for less: CLDR, supplementalData.xml,
 * `digits`, `cashDigits` and `cashRounding` of `fractions`. Both as of 2026-11-30.
 */
const payableSteps: ReadonlyMap<string, number> = new Map(
  Object.entries({
    5: 'CAD CHF',
    10: 'BHD JOD KWD LYD OMR TND',
    50: 'DKK',
    100: 'AFN ALL AMD COP CRC CZK GYD HUF IDR IRR KPW LAK LBP MGA MMK MNT MUR NOK PKR RSD SEK SOS SYP TWD TZS UZS YER',
    1000: 'IQD',
  }).flatMap(([step, codes]) => codes.split(' ').map((code) => [code, Number(step)])),
);

/** The smallest step that people can pay in `currency`, in minor units: 1 for EUR, 5 for CHF, 10 for KWD. */
export function payableStepMinor(currency: string): number {
  return payableSteps.get(currency) ?? 1;
}

/** The payable amount that is nearest to an amount of at least zero; of two, the lower one. */
export function toPayable({ amountMinor, currency }: Money): number {
  const step = payableStepMinor(currency);
  const above = amountMinor % step;
  return amountMinor - above + (above * 2 > step ? step : 0);
}

/**
 * An amount for people to read: 123456 minor units of EUR are "1234.56 EUR". Exact, without floating point.
 * @throws BrokenInvariant when the amount is not a whole number
 */
export function formatMoney({ amountMinor, currency }: Money): string {
  assert(Number.isSafeInteger(amountMinor), 'an amount is a whole number of minor units');
  const digits = minorDigits(currency);
  const sign = amountMinor < 0 ? '-' : '';
  const units = Math.abs(amountMinor)
    .toString()
    .padStart(digits + 1, '0');
  const point = units.length - digits;
  return `${sign}${units.slice(0, point)}${digits > 0 ? `.${units.slice(point)}` : ''} ${currency}`;
}
