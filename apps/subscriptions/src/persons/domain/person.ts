import { Refusal } from '#kernel/refusal.js';

/** Somebody who can order. Persons are never deleted, and no id, username or email is ever used twice. */
export interface Person {
  readonly id: string;
  readonly name: string;
  /** Unique, ignoring case; kept as it was written. */
  readonly username: string;
  readonly email: string;
  readonly registeredAt: Temporal.Instant;
}

/** A person, and how a token issuer names them. */
export interface NewPerson extends Person {
  /** The issuer and its name for the person; both null for a person who is named by their id. */
  readonly issuer: string | null;
  readonly subject: string | null;
}

/** No person has the id. */
export function personNotFound(): Refusal {
  return new Refusal('PERSON_NOT_FOUND', 'There is no such person.', { field: 'person_id' });
}
