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

/**
 * Reads an amount as a person types it, in minor units; undefined if it is none. The locale says which sign groups
 * digits; that sign is a decimal one where it groups nothing, so that `12,5` is read in English too.
 */
export function parseMoney(text: string, currency: string, locale: string): number | undefined {
  const plain = text.trim().replaceAll(/[\s'’]/g, '');
  if (!/^-?\d+([.,]\d+)*$/.test(plain)) return undefined;
  const group = new Intl.NumberFormat(locale).format(11_111).replaceAll('1', '') || ',';
  const decimal = group === '.' ? ',' : '.';
  const isGrouped = new RegExp(`^-?\\d{1,3}([${group}]\\d{3})+([${decimal}]\\d+)?$`).test(plain);
  const [whole = '', fraction = '', ...more] = isGrouped
    ? plain.replaceAll(group, '').split(decimal)
    : plain.split(/[.,]/);
  const digits = currencyDigits(currency);
  if (more.length > 0 || fraction.length > digits) return undefined;
  const minor = Number(`${whole}${fraction.padEnd(digits, '0')}`);
  return Number.isSafeInteger(minor) ? minor : undefined;
}
