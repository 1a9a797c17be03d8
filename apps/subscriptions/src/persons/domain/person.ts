import { Refusal } from '#kernel/refusal.js';

/** Somebody who can order. Persons are never deleted, and no id, username or email is ever used twice. */
export interface Person {
  /** The id at the identity provider: a member's `sub`. */
  readonly id: string;
  readonly name: string;
  /** Unique, ignoring case; kept as it was written. */
  readonly username: string;
  readonly email: string;
  readonly registeredAt: Temporal.Instant;
}

/** No person has the id. */
export function personNotFound(): Refusal {
  return new Refusal('PERSON_NOT_FOUND', 'There is no such person.', { field: 'person_id' });
}
