import type { Reference } from './reference.ts';
import type { World } from './world.ts';

/** What a group of rows is given to measure with. */
export interface Measure {
  readonly world: World;
  readonly reference: Reference;
  /** How long each row is measured; the whole system runs for `sustainedSeconds`. */
  readonly seconds: number;
  readonly sustainedSeconds: number;
  /** Counts the measurements of one run, so that each has ids of its own. */
  series(): number;
}
