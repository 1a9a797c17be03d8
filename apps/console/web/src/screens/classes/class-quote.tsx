import type { UseQueryResult } from '@tanstack/react-query';
import type { Class, PlannedPeriod, Quote } from '../../api/generated/operations.ts';
import { Money } from '../../design/data/money.tsx';
import { PlannedPeriods } from '../../explanations/planned-periods.tsx';
import { PriceSteps } from '../../explanations/price-steps.tsx';
import { formatDay } from '../../format/instants.ts';
import { formatMoney } from '../../format/money.ts';
import { useWords } from '../../messages/catalogue.ts';
import { useLocale } from '../../messages/language.ts';
import { classesWords, whyWords } from '../../messages/words.ts';
import { Loaded } from '../../states/loaded.tsx';

/** What an order placed now would cost and cover, and the steps of the rule that led there. */
export function ClassQuote({ of: one, quote }: { readonly of: Class; readonly quote: UseQueryResult<Quote> }) {
  const words = useWords(classesWords);
  const { plan } = useWords(whyWords);
  const locale = useLocale();
  return (
    <section className="card">
      <h2>{words.howPriced}</h2>
      <Loaded of={quote}>
        {({ amount_minor, price_minor, currency, start_date, end_date, trace, later_periods, more_periods }) => (
          <>
            <dl className="pairs">
              <dt>{words.price}</dt>
              <dd className="strong">
                <Money minor={price_minor ?? amount_minor} currency={currency} />
              </dd>
              <dt>{words.dates}</dt>
              <dd>
                {end_date === null
                  ? words.openEnd(formatDay(start_date, locale))
                  : words.until(formatDay(start_date, locale), formatDay(end_date, locale))}
              </dd>
              <dt>{words.zone}</dt>
              <dd translate="no">{one.time_zone}</dd>
              <dt>{words.paymentWindow}</dt>
              <dd>{words.paymentHours(one.payment_window_hours)}</dd>
              {one.approval_required && (
                <>
                  <dt>{words.approval}</dt>
                  <dd>{words.approvalNeeded}</dd>
                </>
              )}
            </dl>
            <PriceSteps trace={trace} />
            {later_periods.length > 0 && (
              <>
                <h3>{plan.following(firstOf(later_periods, currency, locale))}</h3>
                <PlannedPeriods words={plan} of={later_periods} currency={currency} goesOn={more_periods} />
              </>
            )}
          </>
        )}
      </Loaded>
    </section>
  );
}

/** The amount and the due day of the first of these periods. */
function firstOf([first]: readonly PlannedPeriod[], currency: string, locale: string) {
  if (!first) return { amount: '', day: '' };
  return { amount: formatMoney(first.amount_minor, currency, locale), day: formatDay(first.due_date, locale) };
}
