import type { Environment } from './environment.ts';
import type { Beside } from './reference.ts';

/** How much the rows do that are not measured for a time. */
export interface Sizes {
  /** Promo codes of one generation. */
  readonly generatedCodes: number;
  /** Races for the last uses of promo codes. */
  readonly races: number;
  /** Applications of a code whose analytics are read, and of another with more of them. */
  readonly applications: { readonly few: number; readonly many: number };
  /** Payments one by one. */
  readonly payments: number;
  /** Live streams that the console holds, and for how long. */
  readonly streams: number;
  readonly streamsHeldMs: number;
}

/** What is measured. The gateway sends something to each stream every five seconds. */
export const fullSizes: Sizes = {
  generatedCodes: 100_000,
  races: 10_000,
  applications: { few: 1_000_000, many: 10_000_000 },
  payments: 200,
  streams: 500,
  streamsHeldMs: 12_000,
};

/** The least with which each row still runs. */
export const smokeSizes: Sizes = {
  generatedCodes: 1_000,
  races: 100,
  applications: { few: 2_000, many: 20_000 },
  payments: 5,
  streams: 20,
  streamsHeldMs: 1_000,
};

/** What a group of rows is given to measure with. */
export interface Measure {
  readonly environment: Environment;
  readonly sizes: Sizes;
  /** How long each row is measured, and warmed up before; the whole system runs cold for `sustainedSeconds`. */
  readonly seconds: number;
  readonly sustainedSeconds: number;
  /** Counts the measurements of one run, so that each has ids of its own. */
  series(): number;
  /** Runs `work` beside the textbook payment. */
  beside<Result>(work: () => Promise<Result>): Promise<Beside<Result>>;
}
