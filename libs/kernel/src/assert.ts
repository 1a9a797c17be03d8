/** A bug of ours: an invariant does not hold. Consumers park the message with an error log, and never retry it. */
export class BrokenInvariant extends Error {
  override readonly name = 'BrokenInvariant';
}

/** @throws BrokenInvariant when `condition` is false; `claim` says what should be true. */
export function assert(condition: unknown, claim: string): asserts condition {
  if (!condition) throw new BrokenInvariant(claim);
}
