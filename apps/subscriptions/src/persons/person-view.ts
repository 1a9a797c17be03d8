import type { z } from 'zod';
import type { person as personContract } from '#contracts/subscriptions/persons.js';
import type { Person } from './domain/person.js';

export type PersonView = z.output<typeof personContract>;

export function personView({ id, name, username, email, registeredAt }: Person): PersonView {
  return { person_id: id, name, username, email, registered_at: registeredAt.toString() };
}
