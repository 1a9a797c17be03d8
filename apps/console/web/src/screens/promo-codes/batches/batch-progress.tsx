import type { ListedCodeBatch } from '../../../api/generated/operations.ts';
import { Status, type Tone } from '../../../design/data/status.tsx';
import { useWords } from '../../../messages/catalogue.ts';
import { promoCodesWords } from '../../../messages/words.ts';

const tones: Readonly<Record<ListedCodeBatch['state'], Tone>> = {
  receiving: 'info',
  waiting: 'info',
  running: 'info',
  done: 'good',
  exhausted: 'warn',
  abandoned: 'bad',
};

/** How far a generation or import is, as the server counts it. */
export function BatchProgress({ of: { state, wanted, done, failed } }: { readonly of: ListedCodeBatch }) {
  const words = useWords(promoCodesWords);
  return (
    <div className="stack-s">
      <Status tone={tones[state]}>{words.batchStates[state]}</Status>
      <progress max={Math.max(1, wanted)} value={done + failed} aria-label={words.progress} />
      <span className="small soft">
        {words.doneOf(done, wanted)}
        {failed > 0 && ` · ${words.failedRows(failed)}`}
      </span>
    </div>
  );
}
