/** A set of this many or more says that many are coming. */
const crowd = 8;
/** Then the next one begins no sooner than this after the one before it did. */
const crowdedMs = 40;

/**
 * Under load, fewer and fuller sets: one costs the database, the broker and whoever comes next much the same whether it
 * carries ten messages or hundreds. A lone message never waits, because the set before it was not a crowd, and neither
 * does a set that is full already.
 */
export class Throttle {
  private notBefore = Number.NEGATIVE_INFINITY;

  /** Notes that a set of so many began at `began` (performance.now()). */
  keep(size: number, began: number): void {
    this.notBefore = size >= crowd ? began + crowdedMs : Number.NEGATIVE_INFINITY;
  }

  /** How long the next set may still gather, in milliseconds; zero or less when it is time. */
  get restMs(): number {
    return this.notBefore - performance.now();
  }
}
