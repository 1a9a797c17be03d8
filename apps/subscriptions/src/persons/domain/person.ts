import { emailKey } from '#contracts/subscriptions/email.js';
import { Refusal } from '#kernel/refusal.js';

/** Somebody who can order. Persons are never deleted, and no id is ever used twice. */
export interface Person {
  readonly id: string;
  readonly name: string;
  /** Unique, ignoring case; kept as it was written. */
  readonly username: string;
  /** Kept as it was written. Belongs to one person once the token issuer has verified it. */
  readonly email: string;
  readonly emailVerified: boolean;
  /** Rises with each change, from 1. */
  readonly version: number;
  readonly registeredAt: Temporal.Instant;
}

/** A person, and how a token issuer names them. */
export interface NewPerson extends Person {
  /** The issuer and its name for the person; both null for a person who is named by their id. */
  readonly issuer: string | null;
  readonly subject: string | null;
}

/** A property of a person that another person already has. */
export type Taken = 'id' | 'subject' | 'username' | 'email';

/** A change of a person. Properties that are undefined stay. */
export interface PersonChange {
  readonly name?: string | undefined;
  readonly username?: string | undefined;
  readonly email?: string | undefined;
  /** Whether the token issuer verified `email`. */
  readonly emailVerified: boolean;
}

/** The changed person; the same one if nothing changes. Another address is as verified as the change says. */
export function changePerson(person: Person, change: PersonChange): Person {
  const { name = person.name, username = person.username, email = person.email } = change;
  const staysVerified = person.emailVerified && emailKey(email) === emailKey(person.email);
  const emailVerified = change.email === undefined ? person.emailVerified : staysVerified || change.emailVerified;
  const stays =
    name === person.name &&
    username === person.username &&
    email === person.email &&
    emailVerified === person.emailVerified;
  return stays ? person : { ...person, name, username, email, emailVerified, version: person.version + 1 };
}

/** What a price may depend on: since when the person is registered, and the domain of a verified address. */
export function ordererOf({ registeredAt, email, emailVerified }: Person) {
  return { registeredAt, emailDomain: emailVerified ? email.slice(email.lastIndexOf('@') + 1).toLowerCase() : null };
}

/** No person has the id. */
export function personNotFound(): Refusal {
  return new Refusal('PERSON_NOT_FOUND', 'There is no such person.', { field: 'person_id' });
}

/** The refusal of a property that another person has. */
export function taken(what: Taken): Refusal {
  return refusals[what]();
}

const refusals: Record<Taken, () => Refusal> = {
  id: () => new Refusal('PERSON_EXISTS', 'This person is registered already.', { field: 'person_id' }),
  subject: () =>
    new Refusal('PERSON_EXISTS', 'The member with this subject is registered already.', { field: 'subject' }),
  username: () => new Refusal('USERNAME_TAKEN', 'This username is taken.', { field: 'username' }),
  email: () => new Refusal('EMAIL_TAKEN', 'This email address is taken.', { field: 'email' }),
};
