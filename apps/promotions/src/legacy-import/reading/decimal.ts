import { AMOUNT_MINOR_MAX, minorDigits } from '#kernel/money.js';

const decimal = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d{1,3}))?$/i;

/**
 * Converts a decimal in major units to minor units, exactly and without floating point. Digits beyond those of the
 * currency are rounded half up: legacy systems calculated in floating point (0.1 + 0.2). Null if it is not an amount.
 */
export function minorUnits(value: number | string, currency: string): number | null {
  return scaled(value, minorDigits(currency));
}

/** Converts a percentage to hundredths of a percent. Null if it is not a number. */
export function basisPoints(value: number | string): number | null {
  return scaled(value, 2);
}

function scaled(value: number | string, places: number): number | null {
  const [, sign, whole = '', fraction = '', exponent = '0'] = decimal.exec(String(value).trim()) ?? [];
  if (sign === undefined || whole + fraction === '') return null;
  const digits = BigInt(whole + fraction);
  const shift = places - fraction.length + Number(exponent);
  const magnitude = shift >= 0 ? digits * 10n ** BigInt(shift) : rounded(digits, 10n ** BigInt(-shift));
  return magnitude > BigInt(AMOUNT_MINOR_MAX) ? null : Number(magnitude) * (sign === '-' ? -1 : 1) + 0;
}

function rounded(digits: bigint, divisor: bigint): bigint {
  return (digits + divisor / 2n) / divisor;
}
