import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RequestOf } from '#contracts/contract.js';
import type { changePerson } from '#contracts/subscriptions/persons.js';
import { newId } from '#kernel/ids.js';
import { command } from '../../../../test/support/messages/messages.js';
import { answerOf, refusalOf } from '../../../../test/support/messages/replies.js';
import { SubscriptionsHarness } from '../../test/harness.js';
import { ChangePerson } from './change-person.js';
import { PersonsStore } from './persons.store.js';
import { RegisterPerson } from './register-person.js';

describe('changing persons', () => {
  let harness: SubscriptionsHarness;
  let change: ChangePerson;

  beforeAll(async () => {
    harness = await SubscriptionsHarness.open();
    change = harness.get(ChangePerson);
  });
  afterAll(() => harness[Symbol.asyncDispose]());

  let count = 0;
  async function registered(over: object = {}) {
    const username = `person-${++count}`;
    const person = { name: 'Asha', username, email: `${username}@example.org`, person_id: newId(), ...over };
    return answerOf((await harness.get(RegisterPerson).execute([command(person)]))[0]);
  }
  const changed = (person_id: string, changes: Partial<RequestOf<typeof changePerson>>) =>
    command({ person_id, changed_by: 'ravi', ...changes });

  it('changes what is named, and publishes person-changed', async () => {
    const before = await registered();
    const [reply] = await change.execute([
      changed(before.person_id, { name: 'Asha Rao', email: 'asha@müller.example' }),
    ]);
    const after = { ...before, name: 'Asha Rao', email: 'asha@müller.example', version: 2 };
    expect(answerOf(reply)).toEqual(after);
    expect((await harness.published(before.person_id)).slice(1)).toEqual([
      expect.objectContaining({
        type: 'subscriptions.person-changed.v1',
        data: { ...after, changed_at: '2026-03-02T09:00:00Z', changed_by: 'ravi' },
      }),
    ]);
  });

  it('changes a person further in the same batch, and does nothing where nothing changes', async () => {
    const { person_id: id, name } = await registered();
    const repeated = changed(id, { name: 'One' });
    const replies = await change.execute([repeated, changed(id, { username: 'two' }), changed(id, { name: 'One' })]);
    expect(replies.map((reply) => answerOf(reply).version)).toEqual([2, 3, 3]);
    expect(await change.execute([repeated])).toMatchObject([{ answer: { name: 'One', version: 2 } }]);
    expect(await harness.published(id)).toHaveLength(3);
    expect(name).toBe('Asha');
  });

  it('refuses a username or a verified address of another person, and changes nothing', async () => {
    const [mia, ben] = [await registered(), await registered({ email: 'Ben@example.org', email_verified: true })];
    const replies = await change.execute([
      changed(mia.person_id, { name: 'Mia', username: ben.username.toUpperCase() }),
      changed(mia.person_id, { name: 'Mia', email: 'ben@EXAMPLE.org', email_verified: true }),
      changed(newId(), { name: 'Mia' }),
      changed(mia.person_id, { name: 'Mia' }),
    ]);
    expect(replies.map(refusalOf)).toEqual(['USERNAME_TAKEN', 'EMAIL_TAKEN', 'PERSON_NOT_FOUND', null]);
    expect(answerOf(replies[3])).toEqual({ ...mia, name: 'Mia', version: 2 });
    expect(await harness.published(mia.person_id)).toHaveLength(2);
  });

  it('keeps an address verified only while it stays the same, which frees it for its owner', async () => {
    const squatter = await registered({ email: 'old@example.org', email_verified: true });
    const [spelled, moved] = await change.execute([
      changed(squatter.person_id, { email: 'OLD@example.org' }),
      changed(squatter.person_id, { email: 'new@example.org' }),
    ]);
    expect([answerOf(spelled), answerOf(moved)].map((person) => person.email_verified)).toEqual([true, false]);
    expect((await registered({ email: 'old@example.org', email_verified: true })).email_verified).toBe(true);
  });

  it('gives a contested username to one of two instances', async () => {
    await using other = await SubscriptionsHarness.open(harness);
    const [one, two] = [await registered(), await registered()];
    const replies = await Promise.all([
      change.execute([changed(one.person_id, { username: 'contested' })]),
      other.get(ChangePerson).execute([changed(two.person_id, { username: 'Contested' })]),
    ]);
    expect(replies.flat().map(refusalOf).sort()).toEqual(['USERNAME_TAKEN', null]);
  });
});

describe('finding persons', () => {
  let harness: SubscriptionsHarness;

  beforeAll(async () => {
    harness = await SubscriptionsHarness.open();
    const persons = [
      ['Zoë García-Márquez', 'zoe', 'Zoe@müller.example'],
      ['İpek Straße', 'ipek_s', 'ipek@example.org'],
      ['山田 太郎', 'taro', 'taro@example.org'],
      ["Anna O'Brien", 'anna.b', 'zz%_@example.org'],
      ['!!!', 'marks', 'marks@example.org'],
      ["Robert'); drop table persons; --", 'bobby', 'bobby@example.org'],
    ].map(([name, username, email]) =>
      command({ name: name as string, username: username as string, email: email as string }),
    );
    await harness.get(RegisterPerson).execute(persons);
  });
  afterAll(() => harness[Symbol.asyncDispose]());

  const found = async (search: string) =>
    (await harness.get(PersonsStore).search(search, { limit: 50 })).items.map(({ username }) => username).sort();

  it.each([
    ['zoe', ['zoe']],
    ['ZOË garc', ['zoe']],
    ['marquez', ['zoe']],
    ['garcía zoe', ['zoe']],
    ['gar nobody', []],
    ['ipek', ['ipek_s']],
    ['IPEK_', ['ipek_s']],
    ['ıpek strasse', ['ipek_s']],
    ['山', ['taro']],
    ["o'brien", ['anna.b']],
    ['anna b', ['anna.b']],
    ['zoe@müller.example', ['zoe']],
    ['ZOE@xn--mller', ['zoe']],
    ['zz%', ['anna.b']],
    ['%', []],
    ["robert'", ['bobby']],
    ["' | 'a", ['anna.b']],
    ["' | 'x", []],
    ["\\':*", []],
    ['!', []],
    ['mar', ['marks', 'zoe']],
    [newId(), []],
  ])('%j finds %j', async (search, usernames) => {
    expect(await found(search)).toEqual(usernames);
  });

  it('finds a person by id, and pages through all of them', async () => {
    const store = harness.get(PersonsStore);
    const { items: all } = await store.search(undefined, { limit: 50 });
    expect(all).toHaveLength(6);
    expect(await store.search(all[0]?.id, { limit: 50 })).toMatchObject({ items: [all[0]], total: 1 });
    const first = await store.search(undefined, { limit: 4 });
    const second = await store.search(undefined, { limit: 4, after: first.next_cursor ?? undefined });
    expect([...first.items, ...second.items]).toEqual(all);
  });

  it('looks it up in indexes', async () => {
    await harness.query(
      `insert into persons (id, name, name_words, username, email, email_key, email_verified, version, registered_at)
       select gen_random_uuid(), 'N', 'n' || i, 'u' || i, 'e', 'e' || i || '@example.org', false, 1, now()
       from generate_series(1, 20000) i`,
    );
    await harness.query('analyze persons');
    for (const search of ['zo', 'n19999', 'ze@example']) {
      const plan = JSON.stringify(
        // biome-ignore lint/complexity/useLiteralKeys: the query as it is executed
        await harness.get(PersonsStore)['found'](search).selectAll().orderBy('id').limit(51).explain('json'),
      );
      for (const index of ['persons_email', 'persons_username', 'persons_words']) expect(plan).toContain(index);
      expect(plan).not.toContain('Seq Scan');
    }
  });
});
