import type { TraceStep } from '../api/generated/operations.ts';
import { ServerText } from '../design/data/server-text.tsx';
import { useWords } from '../messages/catalogue.ts';
import { classesWords } from '../messages/words.ts';

/** The steps by which a rule came to a price and its days; of an order, by the version that it was ordered under. */
export function PriceSteps({
  trace,
  ruleVersion,
}: {
  readonly trace: readonly TraceStep[];
  readonly ruleVersion?: number;
}) {
  const words = useWords(classesWords);
  return (
    <>
      <ol className="trace">
        {trace.map(({ step, explanation }, place) => (
          <li key={`${step}-${String(place)}`}>
            <span className="soft small">{words.steps[step] ?? step}</span>
            <ServerText>{explanation}</ServerText>
          </li>
        ))}
      </ol>
      {ruleVersion !== undefined && <p className="soft small">{words.byVersion(ruleVersion)}</p>}
    </>
  );
}
