import { z } from 'zod';
import { command, event, query } from './contract.js';
import { id, instant, text } from './wire.js';

export const username = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/)
  .describe('Unique, whatever the case.');

export const registerPersonBody = z
  .strictObject({
    person_id: id.optional().describe('The id at the identity provider (a member’s `sub`); made up when left out.'),
    name: text(200),
    username,
    email: z.email().max(254),
  })
  .meta({ id: 'RegisterPerson' });

export const person = z
  .object({ person_id: id, name: z.string(), username: z.string(), email: z.string(), registered_at: instant })
  .meta({ id: 'Person' });

export const registerPerson = command({
  type: 'subscriptions.register-person.v1',
  service: 'subscriptions',
  about: 'Registers a person.',
  refusals: ['USERNAME_TAKEN', 'EMAIL_TAKEN', 'PERSON_EXISTS'],
  request: registerPersonBody,
  response: person,
});

export const getPerson = query({
  type: 'subscriptions.get-person.v1',
  service: 'subscriptions',
  about: 'One person.',
  refusals: ['PERSON_NOT_FOUND'],
  request: z.object({ person_id: id }),
  response: person,
});

/** For services that somebody is named to before the event of their registration has come. */
export const findPersons = query({
  type: 'subscriptions.find-persons.v1',
  service: 'subscriptions',
  about: 'Those of these persons who exist, in any order.',
  request: z.object({ person_ids: z.array(id).min(1).max(1_000) }),
  response: z.object({ persons: z.array(person) }),
});

const personData = z.object({
  person_id: id,
  name: z.string(),
  username: z.string(),
  email: z.string(),
  registered_at: instant,
});

export const personRegistered = event({
  type: 'subscriptions.person-registered.v1',
  producer: 'subscriptions',
  consumers: ['payments', 'promotions'],
  about:
    'A person exists. Payments opens an account for them and looks for money that waited for them; promotions learns ' +
    'what reports call them.',
  data: personData,
});
