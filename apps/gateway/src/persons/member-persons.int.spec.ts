import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { getOrder, listOrders } from '#contracts/subscriptions/orders.js';
import { findPersonOfSubject, getPerson, registerPerson } from '#contracts/subscriptions/persons.js';
import { newId } from '#kernel/ids.js';
import { GatewayEnvironment } from '../../../../test/support/services/gateway-environment.js';
import { examples } from '../documents/examples.js';

const issuer = 'https://issuer.test';
const body = examples.RegisterPerson as object;

describe('a member whose issuer knows no ids of persons', () => {
  let environment: GatewayEnvironment;
  let url: string;
  /** What subscriptions has: the person of each subject. */
  let persons: Map<string, string>;
  let lookups: string[];

  beforeAll(async () => {
    environment = await GatewayEnvironment.create();
    url = await environment.gateway({ AUTH_ROLE_CLAIM: 'realm_access.roles' });
  });
  beforeEach(async () => {
    await environment.reset();
    persons = new Map();
    lookups = [];
    environment.on(findPersonOfSubject, ({ issuer: named, subject }) => {
      expect(named).toBe(issuer);
      lookups.push(subject);
      return { person_id: persons.get(subject) ?? null };
    });
    environment.on(registerPerson, (request) => {
      const id = request.person_id ?? newId();
      if (request.subject !== undefined) persons.set(request.subject, id);
      return { ...examples.Person, person_id: id } as never;
    });
    environment.on(getPerson, ({ person_id }) => ({ ...examples.Person, person_id }) as never);
    environment.on(listOrders, ({ page, limit }) => ({ items: [], total: 0, page, limit, next_cursor: null }));
  });
  afterAll(() => environment.close());

  const as = (sub: string, role = 'member') =>
    environment.client(url, { role: 'nothing', sub, more: { realm_access: { roles: ['offline_access', role] } } });

  it('registers once, and finds their own records under the id of the answer', async () => {
    const sub = `auth0|${newId()}`;
    const client = await as(sub);
    const { status, body: made } = await client.post('/persons', body);
    expect(status).toBe(201);
    expect(environment.done[0]?.data).toMatchObject({ person_id: made.person_id, issuer, subject: sub });
    lookups.length = 0;
    for (let index = 0; index < 3; index++) expect((await client.get(`/persons/${made.person_id}`)).status).toBe(200);
    // The mapping is cached once it exists.
    expect(lookups).toEqual([sub]);
    expect((await client.get(`/persons/${newId()}`)).status).toBe(404);
  });

  it('sees nothing of others before registering', async () => {
    const seen: (string | null)[] = [];
    environment.on(listOrders, ({ visible_to, page, limit }) => {
      seen.push(visible_to);
      return { items: [], total: 0, page, limit, next_cursor: null };
    });
    environment.on(getOrder, ({ visible_to }) => {
      seen.push(visible_to);
      return examples.Order as never;
    });
    const client = await as('auth0|nobody-yet');
    await client.get('/orders');
    await client.get(`/orders/${newId()}`);
    const [one, two] = seen;
    expect(one).toEqual(expect.any(String));
    expect(two).toBe(one);
    expect((await client.get(`/persons/${newId()}`)).status).toBe(404);
  });

  it('is the person that an admin registered for them', async () => {
    const sub = 'auth0|linked';
    const client = await as(sub);
    // Asked for before the admin came: an answer of nobody is not kept.
    await client.get('/orders');
    const admin = await as('ravi', 'admin');
    const made = await admin.made('/persons', { ...body, subject: sub });
    expect(environment.done[0]?.data).toMatchObject({ issuer, subject: sub });
    expect((await client.get(`/persons/${made.person_id}`)).status).toBe(200);
  });

  it('registers under no other id and no other subject', async () => {
    const client = await as('auth0|me');
    for (const [field, value] of [
      ['person_id', newId()],
      ['subject', 'auth0|somebody'],
    ] as const) {
      expect(await client.post('/persons', { ...body, [field]: value })).toMatchObject({
        status: 403,
        body: { code: 'FORBIDDEN', field: `/${field}` },
      });
    }
    expect(environment.done).toEqual([]);
  });

  it('is still a person by their id where the subject is one, without a look-up', async () => {
    const id = newId();
    const client = await as(id.toUpperCase());
    expect((await client.get(`/persons/${id}`)).status).toBe(200);
    expect((await client.post('/persons', body)).body.person_id).toBe(id);
    expect(environment.done[0]?.data).not.toHaveProperty('subject');
    expect(lookups).toEqual([]);
    const admin = await as('ravi', 'admin');
    expect((await admin.post('/persons', { ...body, subject: id })).body.person_id).toBe(id);
    expect(await admin.post('/persons', { ...body, subject: id, person_id: newId() })).toMatchObject({
      status: 400,
      body: { field: '/person_id' },
    });
  });

  it('is not the person that they call themselves, where persons choose the value of the claim', async () => {
    const chosen = await environment.gateway({ AUTH_PERSON_CLAIM: 'preferred_username' });
    const victim = newId();
    const client = await environment.client(chosen, { role: 'member', more: { preferred_username: victim } });
    expect((await client.get(`/persons/${victim}`)).status).toBe(404);
    const { body: made } = await client.post('/persons', body);
    expect(made.person_id).not.toBe(victim);
    expect(environment.done[0]?.data).toMatchObject({ issuer, subject: victim });
  });

  it('is answered 503 while the persons cannot be read', async () => {
    await environment.stopService('subscriptions');
    try {
      expect((await (await as('auth0|late')).get('/orders')).status).toBe(503);
    } finally {
      await environment.startService('subscriptions');
    }
  });
});
