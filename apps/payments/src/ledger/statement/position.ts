import type { SortKey } from '#contracts/cursors.js';

/**
 * How far a statement was read: in each currency below a version, so that entries which are posted meanwhile shift
 * nothing. A currency that is missing was opened later.
 */
export interface Position {
  /** No entry that follows counts as later than this: the instant of the last one that was read. */
  readonly until: string | null;
  readonly below: ReadonlyMap<string, number>;
}

/** The same with the entries of a page read; the last one of each currency comes last. */
export function positionAfter(
  { below }: Position,
  entries: readonly { readonly currency: string; readonly version: number }[],
  until: string,
): Position {
  return { until, below: new Map([...below, ...entries.map(({ currency, version }) => [currency, version] as const)]) };
}

/** Only the part in one currency; all of it without one. */
export function positionIn({ until, below }: Position, currency: string | undefined): Position {
  if (currency === undefined) return { until, below };
  return { until, below: new Map([...below].filter(([one]) => one === currency)) };
}

/** Of two positions the lower one in each currency that both have. */
export function lowerOf(one: Position, other: Position): Position {
  const lower = [...one.below].flatMap(([currency, version]) => {
    const most = other.below.get(currency);
    return most === undefined ? [] : [[currency, Math.min(version, most)] as const];
  });
  return { until: one.until, below: new Map(lower) };
}

/** As the contract describes the sort key. */
export function sortKeyAt({ until, below }: Position): SortKey {
  return [until, [...below]];
}

/** The position that `sortKeyAt` wrote. */
export function positionAt(key: SortKey): Position {
  const [until, below] = key as [string, [string, number][]];
  return { until, below: new Map(below) };
}
