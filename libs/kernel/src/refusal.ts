/** Plain, serialisable events about a refusal: the offending field, the limits that were met, the ids involved. */
export type RefusalDetails = Readonly<Record<string, unknown>>;

/**
 * The business says no. A refusal is an answer and not a fault: it is sent back, acknowledged and never retried.
 * `code` is stable UPPER_SNAKE and part of the public contract; `message` is for people and may change.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly code: string,
    message: string,
    readonly details: RefusalDetails = {},
  ) {
    super(message);
  }
}
