/** Stripe’s lists (https://docs.stripe.com/currencies): how many digits its amounts have after the point. */
const withoutDigits = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '));
const withThreeDigits = new Set('BHD JOD KWD OMR TND'.split(' '));

/** The digits after the point of an amount at Stripe. */
export function digitsOf(currency: string): number {
  const code = currency.toUpperCase();
  if (withoutDigits.has(code)) return 0;
  return withThreeDigits.has(code) ? 3 : 2;
}

/** An amount as people read it: 4900 of `eur` is €49.00. */
export function formatAmount(amount: number, currency: string): string {
  const digits = digitsOf(currency);
  const format = new Intl.NumberFormat('en', {
    style: 'currency',
    currency: currency.toUpperCase(),
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return format.format(amount / 10 ** digits);
}

/** An amount as a person types it, as Stripe counts it; undefined when it is none. */
export function parseAmount(text: string, currency: string): number | undefined {
  if (!/^\d{1,9}([.,]\d{0,3})?$/.test(text.trim())) return undefined;
  const amount = Math.round(Number(text.trim().replace(',', '.')) * 10 ** digitsOf(currency));
  return amount > 0 ? amount : undefined;
}

/** As a person would type it. */
export function typedAmount(amount: number, currency: string): string {
  const digits = digitsOf(currency);
  return (amount / 10 ** digits).toFixed(digits);
}

/** Why Stripe takes no payment of this amount; undefined when it does. */
export function amountFault(amount: number, currency: string): string | undefined {
  if (!Number.isSafeInteger(amount) || amount < 0) return 'parameter_invalid_integer';
  if (amount > 99_999_999) return 'amount_too_large';
  if (amount < 50) return 'amount_too_small';
  const step = withThreeDigits.has(currency.toUpperCase()) ? 10 : ['isk', 'ugx'].includes(currency) ? 100 : 1;
  return amount % step === 0 ? undefined : 'parameter_invalid_integer';
}
