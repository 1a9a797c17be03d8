import { assert } from './assert.js';

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

const currencies = new Set(Intl.supportedValuesOf('currency'));

/** Whether `code` is a currency of ISO 4217, in upper case. */
export function isCurrency(code: string): boolean {
  return currencies.has(code);
}

/** Whether `value` can be the amount of a payment: a whole number of minor units, above zero and within bounds. */
export function isPayableAmount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0 && (value as number) <= AMOUNT_MINOR_MAX;
}

/**
 * The currencies of ISO 4217 (list one, column “minor unit”) whose number of digits is not two. Intl follows CLDR,
 * which omits digits that are out of use: the forint has two digits here and none there.
 */
const digitsUnlikeTwo: ReadonlyMap<string, number> = new Map(
  Object.entries({
    0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
    3: 'BHD IQD JOD KWD LYD OMR TND',
    4: 'CLF UYW',
  }).flatMap(([digits, codes]) => codes.split(' ').map((code) => [code, Number(digits)])),
);

/** The number of digits after the point in `currency` by ISO 4217: 2 for EUR and HUF, 0 for JPY, 3 for KWD. */
export function minorDigits(currency: string): number {
  return digitsUnlikeTwo.get(currency) ?? 2;
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
