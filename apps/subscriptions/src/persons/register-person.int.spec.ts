import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#kernel/ids.js';
import { command } from '../../../../test/support/messages/messages.js';
import { answerOf, refusalOf } from '../../../../test/support/messages/replies.js';
import { SubscriptionsHarness } from '../../test/harness.js';
import { PersonsStore } from './persons.store.js';
import { RegisterPerson } from './register-person.js';

describe('registering persons', () => {
  let harness: SubscriptionsHarness;
  let register: RegisterPerson;

  beforeAll(async () => {
    harness = await SubscriptionsHarness.open();
    register = harness.get(RegisterPerson);
  });
  afterAll(() => harness[Symbol.asyncDispose]());

  const asha = (over: object = {}) =>
    command({ name: 'Asha', username: 'Asha.R', email: 'Asha@example.org', person_id: undefined, ...over });

  it('assigns an id and publishes person-registered', async () => {
    const [reply] = await register.execute([asha()]);
    const person = answerOf(reply);
    expect(person).toEqual({
      person_id: expect.any(String),
      name: 'Asha',
      username: 'Asha.R',
      email: 'Asha@example.org',
      email_verified: false,
      version: 1,
      registered_at: '2026-03-02T09:00:00Z',
    });
    expect(await harness.published(person.person_id)).toEqual([
      expect.objectContaining({ type: 'subscriptions.person-registered.v1', data: person }),
    ]);
    expect(await harness.get(PersonsStore).find(person.person_id)).toMatchObject({
      id: person.person_id,
      name: 'Asha',
    });
  });

  it('uses the id of the identity provider', async () => {
    const id = newId();
    const [reply] = await register.execute([asha({ person_id: id, username: 'given', email: 'given@example.org' })]);
    expect(answerOf(reply).person_id).toBe(id);
  });

  it('keeps the person of each issuer and subject, once', async () => {
    const store = harness.get(PersonsStore);
    const of = (subject: string, username: string, issuer = 'https://issuer.test') =>
      asha({ issuer, subject, username, email: `${username}@example.org` });
    const [first] = await register.execute([of('auth0|1', 'first')]);
    const replies = await register.execute([
      of('auth0|1', 'again'),
      of('auth0|2', 'second'),
      of('auth0|1', 'elsewhere', 'https://other.test'),
      of('auth0|2', 'second-again'),
    ]);
    expect(replies.map(refusalOf)).toEqual(['PERSON_EXISTS', null, null, 'PERSON_EXISTS']);
    expect(await store.idOfSubject('https://issuer.test', 'auth0|1')).toBe(answerOf(first).person_id);
    expect(await store.idOfSubject('https://issuer.test', 'auth0|2')).toBe(answerOf(replies[1]).person_id);
    expect(await store.idOfSubject('https://issuer.test', 'auth0|3')).toBeNull();
    // A name without an issuer names nobody.
    await expect(harness.query("update persons set issuer = null where subject = 'auth0|1'")).rejects.toThrow(
      'persons_issuer_of_subject',
    );
  });

  it('gives a contested subject to one of two instances', async () => {
    await using other = await SubscriptionsHarness.open(harness);
    const want = (username: string) => [
      asha({ issuer: 'https://issuer.test', subject: 'racer', username, email: `${username}@example.org` }),
    ];
    const replies = await Promise.all([
      register.execute(want('hare')),
      other.get(RegisterPerson).execute(want('tortoise')),
    ]);
    expect(replies.flat().map(refusalOf).sort()).toEqual(['PERSON_EXISTS', null]);
  });

  it('refuses a taken username, verified email or id, ignoring case, and publishes nothing', async () => {
    const id = newId();
    const verified = { email: 'taken@müller.example', email_verified: true };
    await register.execute([asha({ person_id: id, username: 'taken', ...verified })]);
    const before = (await harness.published()).length;
    const replies = await register.execute([
      asha({ username: 'TAKEN', email: 'other@example.org' }),
      asha({ username: 'other', email: 'TAKEN@XN--MLLER-KVA.example', email_verified: true }),
      asha({ person_id: id, username: 'another', email: 'another@example.org' }),
    ]);
    expect(replies.map(refusalOf)).toEqual(['USERNAME_TAKEN', 'EMAIL_TAKEN', 'PERSON_EXISTS']);
    expect(await harness.published()).toHaveLength(before);
  });

  it('lets anybody state an address, which takes it from nobody', async () => {
    const same = { email: 'foreign@example.org' };
    const replies = await register.execute([
      asha({ username: 'squatter', ...same }),
      asha({ username: 'another-squatter', ...same }),
      asha({ username: 'owner', ...same, email_verified: true }),
      asha({ username: 'late-squatter', ...same }),
      asha({ username: 'impostor', ...same, email_verified: true }),
    ]);
    expect(replies.map(refusalOf)).toEqual([null, null, null, null, 'EMAIL_TAKEN']);
  });

  it('gives a contested username to the first person of a set', async () => {
    const id = newId();
    const same = { person_id: id, username: 'twin', email: 'twin@example.org' };
    const replies = await register.execute([
      asha(same),
      asha(same),
      asha({ username: 'Twin', email: 'third@example.org' }),
      asha({ username: 'fourth', email: 'fourth@example.org' }),
    ]);
    expect(replies.map(refusalOf)).toEqual([null, 'PERSON_EXISTS', 'USERNAME_TAKEN', null]);
    expect(await harness.query('select from persons where lower(email) = $1', ['twin@example.org'])).toHaveLength(1);
  });

  it('gives a contested username to one of two instances', async () => {
    await using other = await SubscriptionsHarness.open(harness);
    const want = () => [asha({ username: 'racer', email: 'racer@example.org' })];
    const replies = await Promise.all([register.execute(want()), other.get(RegisterPerson).execute(want())]);
    expect(replies.flat().map(refusalOf).sort()).toEqual(['USERNAME_TAKEN', null]);
  });

  it('replies to a repeated command with its first answer', async () => {
    const once = asha({ username: 'once', email: 'once@example.org' });
    const [first] = await register.execute([once]);
    const [second] = await register.execute([once]);
    expect(second).toEqual({ ...first, firstAnsweredAt: expect.any(Temporal.Instant) });
    expect(await harness.published(answerOf(first).person_id)).toHaveLength(1);
  });
});
