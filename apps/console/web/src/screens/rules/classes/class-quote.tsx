import { useAsk } from '../../../api/queries.ts';
import { Day } from '../../../design/data/instant.tsx';
import { PlannedPeriods } from '../../../explanations/planned-periods.tsx';
import { WhyThisPrice } from '../../../explanations/why-this-price.tsx';
import { useWords } from '../../../messages/catalogue.ts';
import { adminClassesWords, rulesWords } from '../../../messages/words.ts';
import { Loaded } from '../../../states/loaded.tsx';
import { useProblemText } from '../../../states/problem.tsx';
import { useDebounced } from '../use-debounced.ts';
import type { ClassValues } from './class-values.ts';

/** What the server would quote for what is typed; nothing is saved. */
export function useClassQuote({ ruleId, parameters, zone, currency, startDate, endDate }: ClassValues) {
  const typed = useDebounced({ ruleId, parameters, zone, currency, startDate, endDate });
  const inputs = {
    parameters: typed.parameters,
    time_zone: typed.zone,
    currency: typed.currency,
    class_start: typed.startDate || null,
    class_end: typed.endDate || null,
  };
  const isReady = typed.ruleId !== '' && /^[A-Z]{3}$/.test(typed.currency) && typed.zone !== '';
  return useAsk(
    'previewRule',
    { body: { rule_id: typed.ruleId, inputs } },
    { isEnabled: isReady, keepsPrevious: true },
  );
}

/** The quote with how it came about, or why there is none. */
export function ClassQuote({
  preview,
  hasRule,
}: {
  readonly preview: ReturnType<typeof useClassQuote>;
  readonly hasRule: boolean;
}) {
  const words = useWords(adminClassesWords);
  const ruleWords = useWords(rulesWords);
  const textOf = useProblemText();
  return (
    <section className="card aside" aria-labelledby="class-quote">
      <h2 id="class-quote">{words.quote}</h2>
      <p className="soft small">{words.quoteHint}</p>
      {!hasRule ? (
        <p className="soft">{words.needsRule}</p>
      ) : (
        <Loaded of={preview}>
          {({ quote, refusals }) =>
            quote ? (
              <div className="stack" aria-live="polite">
                <WhyThisPrice
                  trace={quote.trace}
                  priceMinor={quote.amount_minor}
                  amountMinor={quote.amount_minor}
                  currency={quote.currency}
                />
                <dl className="pairs">
                  <dt>{words.days}</dt>
                  <dd>
                    <Day date={quote.start_date} /> – {quote.end_date ? <Day date={quote.end_date} /> : words.openEnd}
                  </dd>
                </dl>
                {quote.periods.length > 0 && (
                  <PlannedPeriods
                    words={ruleWords.periods}
                    of={quote.periods}
                    currency={quote.currency}
                    goesOn={quote.more_periods}
                  />
                )}
              </div>
            ) : (
              <div className="stack-s" aria-live="polite">
                <strong>{words.noQuote}</strong>
                <ul className="bullets">
                  {refusals.map(({ field, code, message }) => (
                    <li key={field + code}>
                      {field.startsWith('/inputs/parameters/') && (
                        <>
                          <code translate="no">{field.slice('/inputs/parameters/'.length)}</code>{' '}
                        </>
                      )}
                      {textOf({ code, detail: message })}
                    </li>
                  ))}
                </ul>
              </div>
            )
          }
        </Loaded>
      )}
    </section>
  );
}
