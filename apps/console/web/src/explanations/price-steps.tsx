import type { TraceStep } from '../api/generated/operations.ts';
import { ServerText } from '../design/data/server-text.tsx';
import { useWords } from '../messages/catalogue.ts';
import { classesWords } from '../messages/words.ts';

/** The steps by which a rule came to a price and its days; `note` says by which version. */
export function PriceSteps({ trace, note }: { readonly trace: readonly TraceStep[]; readonly note?: string }) {
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
      {note && <p className="soft small">{note}</p>}
    </>
  );
}
