/** The command of a request that changes something. */
export interface RequestCommand {
  /** By this id the service recognises a repeat. */
  readonly id: string;
  /** Set by Services when the reply of the service is the stored one of an earlier request: when that was given. */
  firstAnsweredAt?: Temporal.Instant;
}
