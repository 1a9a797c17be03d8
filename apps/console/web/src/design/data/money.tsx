import { formatMoney, type MoneyFormat } from '../../format/money.ts';
import { useLocale } from '../../messages/language.ts';

/** An amount with the digits and the sign of its currency. */
export function Money({
  minor,
  currency,
  signed,
}: MoneyFormat & { readonly minor: number; readonly currency: string }) {
  const locale = useLocale();
  return (
    <span className="number" translate="no">
      {formatMoney(minor, currency, locale, { signed })}
    </span>
  );
}
