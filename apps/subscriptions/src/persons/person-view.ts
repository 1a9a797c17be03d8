import type { z } from 'zod';
import type { person as personContract } from '#contracts/subscriptions/persons.js';
import type { Person } from './domain/person.js';

export type PersonView = z.output<typeof personContract>;

export function personView(person: Person): PersonView {
  return {
    person_id: person.id,
    name: person.name,
    username: person.username,
    email: person.email,
    email_verified: person.emailVerified,
    version: person.version,
    registered_at: person.registeredAt.toString(),
  };
}
