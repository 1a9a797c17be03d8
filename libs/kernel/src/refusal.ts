/** Plain values that can be serialised: the offending field, the limit that was reached, the ids involved. */
export type RefusalDetails = Readonly<Record<string, unknown>>;

/**
 * The business says no. A refusal is a reply and not a fault: it is sent back, acknowledged and never retried.
 *
 * There is one way to refuse: the code that decides about one thing throws. A batch wraps each decision in `orRefusal`,
 * so that one refused item does not fail the others.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  /**
   * @param code stable UPPER_SNAKE, part of the public contract
   * @param message one sentence for people; it may change
   * @param details what the sentence is about; names the offending input as `field`
   */
  constructor(
    readonly code: string,
    message: string,
    readonly details: RefusalDetails = {},
  ) {
    super(message);
  }
}

/** The result of `decide`, or the refusal that it throws. Other errors are faults and pass through. */
export function orRefusal<Result>(decide: () => Result): Result | Refusal {
  try {
    return decide();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}
