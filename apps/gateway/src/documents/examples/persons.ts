import { personId } from './ids.js';

export const person = {
  person_id: personId,
  name: 'Asha Rao',
  username: 'asha',
  email: 'asha@example.org',
  email_verified: false,
  version: 1,
  registered_at: '2026-03-02T08:59:00Z',
};

/** One example of each named shape of persons, by the name of its schema. */
export const personsExamples = {
  RegisterPerson: { name: person.name, username: person.username, email: person.email },
  OwnPersonChange: { name: 'Asha Rao-Singh' },
  PersonChange: { email: 'asha.rao@example.org' },
  Person: person,
};
