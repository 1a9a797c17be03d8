/** A broken promise of our own code. Whoever meets one parks the message and raises an alarm; nobody retries it. */
export class BrokenInvariant extends Error {
  override readonly name = 'BrokenInvariant';
}

/** @throws BrokenInvariant when `condition` does not hold. `claim` says what should have been true. */
export function assert(condition: unknown, claim: string): asserts condition {
  if (!condition) throw new BrokenInvariant(claim);
}
