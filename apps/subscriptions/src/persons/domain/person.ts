import { Refusal } from '#kernel/refusal.js';

/** Somebody who can order. Persons are never deleted, and neither id, username nor email is ever used twice. */
export class Person {
  /** The id at the identity provider: a member's `sub`. */
  id!: string;
  name!: string;
  /** Unique, whatever the case; kept as it was written. */
  username!: string;
  email!: string;
  registeredAt!: Temporal.Instant;
}

export function personNotFound(): Refusal {
  return new Refusal('PERSON_NOT_FOUND', 'There is no such person.', { field: 'person_id' });
}
