import type { Sample } from './prometheus-text.js';

/** How many observations were at or below each bound, summed over every label but the bound. */
export type Buckets = ReadonlyMap<number, number>;

/** The buckets of one histogram of a scrape. */
export function bucketsOf(samples: readonly Sample[], histogram: string): Buckets {
  const buckets = new Map<number, number>();
  for (const { name, labels, value } of samples) {
    if (name !== `${histogram}_bucket`) continue;
    const bound = labels.le === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels.le);
    buckets.set(bound, (buckets.get(bound) ?? 0) + value);
  }
  return buckets;
}

/** The observations since `before`. A counter that went down was reset by a restart, so all of it is new. */
export function since(before: Buckets | undefined, now: Buckets): Buckets {
  const total = (buckets: Buckets | undefined) => buckets?.get(Number.POSITIVE_INFINITY) ?? 0;
  if (!before || total(now) < total(before)) return now;
  return new Map([...now].map(([bound, count]) => [bound, count - (before.get(bound) ?? 0)]));
}

/** The observations of several instances, added up. */
export function sum(all: readonly Buckets[]): Buckets {
  const result = new Map<number, number>();
  for (const buckets of all) for (const [bound, count] of buckets) result.set(bound, (result.get(bound) ?? 0) + count);
  return result;
}

/** The number of all observations. */
export function countOf(buckets: Buckets): number {
  return buckets.get(Number.POSITIVE_INFINITY) ?? 0;
}

/**
 * The quantile `q` of the observations, estimated as by Prometheus' histogram_quantile: linear within a bucket, and in
 * the last bucket the highest finite bound. Null when nothing was observed.
 */
export function quantile(buckets: Buckets, q: number): number | null {
  const rank = countOf(buckets) * q;
  if (rank === 0) return null;
  let lower = 0;
  let below = 0;
  for (const [bound, count] of [...buckets].sort(([left], [right]) => left - right)) {
    if (count >= rank) {
      if (bound === Number.POSITIVE_INFINITY) return lower;
      return lower + (bound - lower) * ((rank - below) / (count - below));
    }
    lower = bound;
    below = count;
  }
  return lower;
}
