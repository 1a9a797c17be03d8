/** The digits after the decimal point of a currency: JPY 0, EUR 2, KWD 3. */
export function currencyDigits(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

export interface MoneyFormat {
  /** Shows a plus too, as statements do. */
  readonly signed?: boolean;
}

/** An amount in minor units, in the notation of a locale and with the digits of its currency. */
export function formatMoney(minor: number, currency: string, locale: string, { signed }: MoneyFormat = {}): string {
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    signDisplay: signed ? 'exceptZero' : 'negative',
  }).format(minor / 10 ** currencyDigits(currency));
}

/** Reads an amount as a person types it, with point or comma; undefined if it is none. */
export function parseMoney(text: string, currency: string): number | undefined {
  const plain = text
    .trim()
    .replace(/[\s'’]/g, '')
    .replace(/[.,](?=\d{3}(?:[.,]|$))/g, (sign, at: number, all: string) =>
      /[.,]/.test(all.slice(at + 1)) ? '' : sign,
    );
  if (!/^-?\d+([.,]\d+)?$/.test(plain)) return undefined;
  const [whole = '0', fraction = ''] = plain.replace(',', '.').split('.');
  const digits = currencyDigits(currency);
  if (fraction.length > digits) return undefined;
  const minor = Number(`${whole}${fraction.padEnd(digits, '0')}`);
  return Number.isSafeInteger(minor) ? minor : undefined;
}
