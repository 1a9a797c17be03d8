import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { cursorOf } from '#contracts/cursors.js';
import { changePerson, registerPerson, searchPersons } from '#contracts/subscriptions/persons.js';
import { newId } from '#kernel/ids.js';
import { GatewayEnvironment } from '../../../../test/support/services/gateway-environment.js';
import { examples } from '../documents/examples.js';

const { email: _, ...withoutEmail } = examples.RegisterPerson as { email: string };
const verified = { email: 'Mia@müller.example', email_verified: true };

let environment: GatewayEnvironment;

beforeAll(async () => {
  environment = await GatewayEnvironment.create();
});
beforeEach(async () => {
  await environment.reset();
  environment.on(registerPerson, () => examples.Person as never);
  environment.on(changePerson, () => examples.Person as never);
});
afterAll(() => environment.close());

describe('the e-mail address of a member', () => {
  let url: string;
  beforeAll(async () => {
    url = await environment.gateway({ AUTH_EMAIL_CLAIM: 'email' });
  });

  const id = newId();
  const member = (more: object) => environment.client(url, { role: 'member', sub: id, more: more as never });

  it('is the verified one in their token, stated or not, in any spelling', async () => {
    const mia = await member(verified);
    expect((await mia.post('/persons', withoutEmail)).status).toBe(201);
    expect((await mia.post('/persons', { ...withoutEmail, email: ' mia@XN--MLLER-KVA.example ' })).status).toBe(201);
    expect((await mia.request('PATCH', `/persons/${id}`, { email: 'mia@müller.example' })).status).toBe(200);
    expect(environment.done.map(({ data }) => data)).toEqual([
      expect.objectContaining({ person_id: id, ...verified }),
      expect.objectContaining({ person_id: id, ...verified }),
      { person_id: id, changed_by: id, ...verified },
    ]);
  });

  it.each([
    ['that another person has', verified],
    ['without a verified one', { email: 'mia@müller.example' }],
    ['of an unverified one', { email: 'ben@example.org', email_verified: false }],
    ['of one that is none', { email: 'mia', email_verified: true }],
  ])('cannot be one %s', async (_, claims) => {
    const mia = await member(claims);
    for (const answer of [
      await mia.post('/persons', { ...withoutEmail, email: 'ben@example.org' }),
      await mia.request('PATCH', `/persons/${id}`, { email: 'ben@example.org' }),
    ]) {
      expect(answer).toMatchObject({ status: 403, body: { code: 'EMAIL_NOT_VERIFIED', field: '/email' } });
    }
    expect(environment.done).toEqual([]);
  });

  it('stays as it is while they change their name', async () => {
    const mia = await member({});
    expect((await mia.request('PATCH', `/persons/${id}`, { name: ' Mia ' })).status).toBe(200);
    expect(environment.done[0]?.data).toEqual({ name: 'Mia', person_id: id, changed_by: id });
    expect((await mia.request('PATCH', `/persons/${newId()}`, { name: 'Mia' })).status).toBe(404);
    expect((await mia.request('PATCH', `/persons/${id}`, { username: 'root' })).status).toBe(400);
  });
});

describe('an e-mail address that is stated', () => {
  let url: string;
  beforeAll(async () => {
    url = await environment.gateway();
  });

  it('is required and unverified', async () => {
    const mia = await environment.client(url, { role: 'member', sub: newId(), more: verified });
    expect(await mia.post('/persons', withoutEmail)).toMatchObject({
      status: 400,
      body: { code: 'INVALID_INPUT', errors: [{ field: '/email', code: 'REQUIRED' }] },
    });
    expect((await mia.post('/persons', { ...withoutEmail, email: 'ben@example.org' })).status).toBe(201);
    expect(environment.done[0]?.data).toMatchObject({ email: 'ben@example.org', email_verified: false });
  });

  it('is corrected by an admin, who finds the person', async () => {
    const admin = await environment.client(url, { role: 'admin', sub: 'ravi' });
    const id = newId();
    const cursor = cursorOf([id]);
    const searched: unknown[] = [];
    environment.on(searchPersons, (request) => {
      searched.push(request);
      return { items: [{ ...examples.Person, person_id: id }], limit: request.limit, next_cursor: cursor } as never;
    });
    expect(await admin.get(`/admin/persons?search=%20mia@müller&limit=1&after=${cursor}`)).toMatchObject({
      status: 200,
      body: { items: [{ person_id: id }], next_cursor: cursor },
    });
    expect(searched).toEqual([{ search: 'mia@müller', limit: 1, after: cursor }]);
    expect((await admin.request('PATCH', `/admin/persons/${id}`, { email: ' mia@müller.example ' })).status).toBe(200);
    expect(environment.done[0]?.data).toEqual({ person_id: id, changed_by: 'ravi', email: 'mia@müller.example' });
    expect((await admin.get('/admin/persons?search=%E2%80%8B')).status).toBe(400);
  });
});
