/** A batch of at least this many items means that more will follow at once. */
const batchMin = 8;
/** After such a batch, the next one begins no sooner than this after its beginning. */
const spacingMs = 40;

/**
 * Under load, fewer and fuller batches: a batch costs the database, the broker and the consumers much the same with ten
 * items as with hundreds. A single item never waits, because the batch before it was small; a full batch never waits
 * either.
 */
export class Throttle {
  private notBefore = Number.NEGATIVE_INFINITY;

  /** Records a batch of `size` items that began at `beganAt` (performance.now()). */
  noteBatch(size: number, beganAt: number): void {
    this.notBefore = size >= batchMin ? beganAt + spacingMs : Number.NEGATIVE_INFINITY;
  }

  /** How long the next batch may still fill, in milliseconds; zero or less when it is due. */
  get restMs(): number {
    return this.notBefore - performance.now();
  }
}
