import type { Environment } from './environment.ts';
import type { Beside } from './reference.ts';

/** What a group of rows is given to measure with. */
export interface Measure {
  readonly environment: Environment;
  /** How long each row is measured, and warmed up before; the whole system runs cold for `sustainedSeconds`. */
  readonly seconds: number;
  readonly sustainedSeconds: number;
  /** Counts the measurements of one run, so that each has ids of its own. */
  series(): number;
  /** Runs `work` beside the textbook payment. */
  beside<Result>(work: () => Promise<Result>): Promise<Beside<Result>>;
}
