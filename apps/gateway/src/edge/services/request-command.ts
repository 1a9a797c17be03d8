import type { Author } from '#messaging/author.js';

/** The command of a request that changes something. */
export interface RequestCommand {
  /** By this id the service recognises a repeat. */
  readonly id: string;
  /** The bearer of the token; undefined for a signed request. */
  readonly author?: Author;
  /** Set by Services when the reply of the service is the stored one of an earlier request: when that was given. */
  firstAnsweredAt?: Temporal.Instant;
}
