import type { DecisionReceipt, DecisionStep } from '../api/generated/operations.ts';
import { ServerText } from '../design/data/server-text.tsx';
import { Status } from '../design/data/status.tsx';
import { useWords } from '../messages/catalogue.ts';
import { codesWords, decisionsWords } from '../messages/words.ts';
import { useProblemText } from '../states/problem.tsx';

const classes = { passed: 'done', failed: 'failed', not_evaluated: 'todo' } as const;

/** Each rule of a decision in order: passed, failed or not asked, and the value that it compared. */
export function Ladder({ steps }: { readonly steps: readonly DecisionStep[] }) {
  const words = useWords(decisionsWords);
  return (
    <ol className="steps">
      {steps.map(({ rule, result, saw }) => (
        <li key={rule} className={classes[result]}>
          <div>
            <span className="title">{words.rules[rule] ?? rule}</span>{' '}
            <span className="soft">{words.results[result]}</span>
            {saw !== null && (
              <div className="soft small">
                <ServerText>{saw}</ServerText>
              </div>
            )}
          </div>
        </li>
      ))}
    </ol>
  );
}

/** Whether it was allowed, in words. */
export function Outcome({ of: { allowed, what } }: { readonly of: Pick<DecisionReceipt, 'allowed' | 'what'> }) {
  const words = useWords(decisionsWords);
  if (what === 'reverse') return <Status>{words.reversed}</Status>;
  return <Status tone={allowed ? 'good' : 'bad'}>{allowed ? words.allowed : words.refused}</Status>;
}

type Explained = Pick<DecisionReceipt, 'what' | 'allowed' | 'reason' | 'explanation' | 'local_time' | 'timezone'>;

/** A decision in a sentence: a refusal as other pages say it, with the time in the zone of the code. */
export function Explanation({ of: decision }: { readonly of: Explained }) {
  const textOf = useProblemText();
  const { what, allowed, reason, explanation, local_time, timezone } = decision;
  if (allowed || reason === null || what === 'reverse') return <ServerText>{explanation}</ServerText>;
  return textOf({ code: reason, detail: explanation, details: { local_time, timezone } });
}

/** The name of a reason, or its code where it has none. */
export function useReasonName(): (reason: string) => string {
  const words = useWords(codesWords);
  return (reason) => words.reasons[reason] ?? reason;
}
