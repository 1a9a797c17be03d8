import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { isAway } from '../api/problems.ts';
import { Button } from '../design/controls/button.tsx';
import { useWords } from '../messages/catalogue.ts';
import { shellWords } from '../messages/words.ts';
import { ProblemState, useProblemText } from './problem.tsx';
import { Skeleton } from './skeleton.tsx';
import { Notice, State } from './state.tsx';

/** A filter that is set: its name and value for people, and how to drop it. */
export interface SetFilter {
  readonly name: string;
  readonly drop: () => void;
}

export interface LoadedProps<Answer> {
  readonly of: UseQueryResult<Answer>;
  readonly children: (answer: Answer) => ReactNode;
  /** What stands while it loads; grey lines unless given. */
  readonly skeleton?: ReactNode;
  /** Whether the answer has nothing to show; a list without items by itself. */
  readonly isEmpty?: (answer: Answer) => boolean;
  /** What stands in place of an empty answer. */
  readonly empty?: ReactNode;
  /** The filters that are set: with one, an empty answer says which to drop. */
  readonly filters?: readonly SetFilter[];
}

/** One part of a screen in each of its states: loading, away, refused, not yours, empty, filtered to nothing, shown. */
export function Loaded<Answer>({
  of: query,
  children,
  skeleton,
  isEmpty = hasNoItems,
  empty,
  filters = [],
}: LoadedProps<Answer>) {
  const problem = query.error ?? query.failureReason;
  const retry = () => void query.refetch();
  if (query.data === undefined) {
    if (problem) return <ProblemState error={problem} retry={retry} attempt={query.failureCount} />;
    return skeleton ?? <Skeleton />;
  }
  const content = isEmpty(query.data) ? (
    filters.length > 0 ? (
      <FilteredToNothing filters={filters} />
    ) : (
      empty
    )
  ) : undefined;
  return (
    <>
      {isAway(problem) && <Stale error={problem} retry={retry} />}
      {content ?? children(query.data)}
    </>
  );
}

function hasNoItems(answer: unknown): boolean {
  const { items } = (answer ?? {}) as { readonly items?: unknown };
  return Array.isArray(items) && items.length === 0;
}

/** The server went away after something was read: that stays, and says so. */
function Stale({ error, retry }: { readonly error: unknown; readonly retry: () => void }) {
  const words = useWords(shellWords);
  const textOf = useProblemText();
  return (
    <Notice tone="warn" role="status" title={words.staleTitle}>
      <p className="small">
        {error instanceof Error && 'problem' in error ? textOf(error.problem as never) : words.awayText}
      </p>
      <Button size="small" onClick={retry}>
        {words.tryNow}
      </Button>
    </Notice>
  );
}

function FilteredToNothing({ filters }: { readonly filters: readonly SetFilter[] }) {
  const words = useWords(shellWords);
  return (
    <State icon="filter" title={words.filteredTitle}>
      <p>{words.filteredText}</p>
      <div className="row">
        {filters.map(({ name, drop }, place) => (
          // Two filters may have the same value.
          <Button key={`${String(place)} ${name}`} onClick={drop}>
            {words.dropFilter(name)}
          </Button>
        ))}
      </div>
    </State>
  );
}

/** Nothing is there yet: why, and the one next step. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <State icon="empty" title={title}>
      {children}
    </State>
  );
}
