import type { ExampleOutcome } from '../../../api/generated/operations.ts';
import { Day } from '../../../design/data/instant.tsx';
import { Money } from '../../../design/data/money.tsx';
import { Status } from '../../../design/data/status.tsx';
import { PlannedPeriods } from '../../../explanations/planned-periods.tsx';
import { useWords } from '../../../messages/catalogue.ts';
import { rulesWords } from '../../../messages/words.ts';
import { useProblemText } from '../../../states/problem.tsx';

/** How one golden example came out: it holds, differs, or the rule refuses its inputs. */
export function ExampleResult({ outcome }: { readonly outcome: ExampleOutcome | undefined }) {
  const words = useWords(rulesWords);
  const textOf = useProblemText();
  if (!outcome) {
    return (
      <div>
        <Status>{words.notRun}</Status>
      </div>
    );
  }
  const { quote, refusal, differences, holds } = outcome;
  return (
    <div className="stack-s" aria-live="polite">
      <div>
        <Status tone={holds ? 'good' : 'bad'}>{holds ? words.holds : refusal ? words.refused : words.differs}</Status>
      </div>
      {refusal && (
        <p>
          {refusal.field && (
            <>
              <code translate="no">{refusal.field}</code>{' '}
            </>
          )}
          {textOf({ code: refusal.code, detail: refusal.message })}
        </p>
      )}
      {differences.length > 0 && (
        <ul lang="en" className="bullets">
          {differences.map(({ field, message }) => (
            <li key={field}>{message}</li>
          ))}
        </ul>
      )}
      {quote && quote.periods.length > 0 && (
        <PlannedPeriods
          words={words.periods}
          of={quote.periods}
          currency={quote.currency}
          goesOn={quote.more_periods}
        />
      )}
      {quote && (
        <p className="soft small">
          {words.gives} <Money minor={quote.amount_minor} currency={quote.currency} />, <Day date={quote.start_date} />{' '}
          – {quote.end_date ? <Day date={quote.end_date} /> : words.openEnd}
        </p>
      )}
    </div>
  );
}
