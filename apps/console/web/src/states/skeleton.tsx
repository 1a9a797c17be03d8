import { useWords } from '../messages/catalogue.ts';
import { shellWords } from '../messages/words.ts';

/** Grey lines in place of what loads; they appear after 150 ms, so that a fast answer shows none. */
export function Skeleton({ lines = 6 }: { readonly lines?: number }) {
  const words = useWords(shellWords);
  return (
    <div className="skeleton" role="status" aria-label={words.loading}>
      {Array.from({ length: lines }, (_, line) => (
        <span key={String(line)} />
      ))}
    </div>
  );
}
