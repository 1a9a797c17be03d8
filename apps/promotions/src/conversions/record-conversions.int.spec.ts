import { describe, expect, it } from '@jest/globals';
import { findClasses } from '#contracts/subscriptions/classes.js';
import { findPersons } from '#contracts/subscriptions/persons.js';
import { canonicalJson, newId } from '#kernel/ids.js';
import { ServiceUnavailable } from '#messaging/faults.js';
import { command, envelope } from '../../../../test/support/messages/messages.js';
import { answerOf } from '../../../../test/support/messages/replies.js';
import { bonusCodes, withTwoInstances } from '../../test/conversion-suite.js';
import { digest, OutsideSystem } from '../../test/outside-system.js';
import { PromotionsHarness } from '../../test/promotions-harness.js';
import { ProjectClasses } from '../offers/project-classes.js';
import { ReadOffers } from '../offers/read-offers.js';
import { ProjectPersons } from '../persons/project-persons.js';
import type { Outcome } from './domain/conversion.js';
import { RecordConversions } from './record-conversions.js';
import { ReverseConversions } from './reverse-conversions.js';

let harness: PromotionsHarness;
let second: PromotionsHarness;
let system: OutsideSystem;

withTwoInstances((one, other, outside) => {
  harness = one;
  second = other;
  system = outside;
});
const { bonusCode, fixed, counters } = bonusCodes(() => harness);

describe('a conversion whose person or class is published later', () => {
  const person = (person_id: string) => ({
    person_id,
    name: 'Ada',
    username: `ada-${person_id}`,
    email: `${person_id}@example.org`,
    email_verified: false,
    version: 1,
    registered_at: '2026-03-02T09:00:00Z',
  });
  const klass = (class_id: string) => ({
    class_id,
    title: 'Chess',
    currency: 'EUR',
    published_at: '2026-03-02T09:00:00Z',
  });
  const nameOf = async (id: string) =>
    (await harness.query<{ username: string }>('select username from person where id = $1', [id]))[0]?.username;

  /** Makes subscriptions reply with these persons and classes, and returns the ids of all requests. */
  function known({ persons = [], classes = [] }: { persons?: readonly string[]; classes?: readonly string[] }) {
    const requested: { persons: string[][]; classes: string[][] } = { persons: [], classes: [] };
    harness.others.on(findPersons, async ({ person_ids: ids }) => {
      requested.persons.push(ids);
      // No transaction is open while a request to another service waits.
      const waiting = `select from pg_stat_activity where datname = current_database() and state like 'idle in%'`;
      expect(await harness.query(waiting)).toEqual([]);
      return { persons: ids.filter((id) => persons.includes(id)).map(person) };
    });
    harness.others.on(findClasses, ({ class_ids: ids }) => {
      requested.classes.push(ids);
      return { classes: ids.filter((id) => classes.includes(id)).map(klass) };
    });
    return requested;
  }

  it('is recorded once subscriptions has replied that both exist, and the later events update the same rows', async () => {
    const [personId, classId] = [newId(), newId()];
    await system.apply([personId], [(await bonusCode()).id]);
    const requested = known({ persons: [personId], classes: [classId] });
    const body = system.conversion(personId, { offer_id: classId.toUpperCase() });
    const [outcome] = await system.record(body);
    expect(digest(outcome as Outcome)).toEqual({ bonuses: [100], reasons: [] });
    expect(requested).toEqual({ persons: [[personId]], classes: [[classId]] });
    expect(await system.record(body, system.conversion(personId, { offer_id: classId }))).toMatchObject([
      outcome,
      { redemptions: [{ bonus_minor: 100 }] },
    ]);
    expect(requested).toEqual({ persons: [[personId]], classes: [[classId]] });

    expect(await nameOf(personId)).toBe(`ada-${personId}`);
    await harness.get(ProjectPersons).execute([envelope({ ...person(personId), username: 'grace', version: 2 })]);
    expect(await nameOf(personId)).toBe('grace');
    const changed = { ...klass(classId), title: 'Go', changed_at: '2026-03-02T09:00:01Z' };
    await harness.get(ProjectClasses).execute([envelope(changed), envelope(klass(classId))]);
    expect((await harness.get(ReadOffers).one(classId)).name).toBe('Go');
  });

  it('is refused where subscriptions has none either, and ids of other systems are not requested', async () => {
    const [registered, stranger] = [newId(), newId()];
    const requested = known({ persons: [registered] });
    const outcomes = await system.record(
      system.conversion(registered),
      system.conversion(stranger),
      system.conversion(stranger),
      system.conversion(registered, { offer_id: 'nowhere in particular' }),
      system.conversion(registered, { offer_id: newId() }),
    );
    expect(outcomes.map(({ problem }) => problem?.code ?? null)).toEqual([
      null,
      'PERSON_NOT_FOUND',
      'PERSON_NOT_FOUND',
      'OFFER_NOT_FOUND',
      'OFFER_NOT_FOUND',
    ]);
    expect([requested.persons, requested.classes].map((calls) => calls.map((ids) => ids.length))).toEqual([[2], [1]]);
    expect(await nameOf(stranger)).toBeUndefined();
  });

  it('is one of a thousand, of a thousand persons, with one request for all', async () => {
    const persons = Array.from({ length: 1_000 }, newId);
    const requested = known({ persons });
    const outcomes = await system.record(...persons.map((one) => system.conversion(one)));
    expect(outcomes.filter(({ problem }) => problem)).toEqual([]);
    expect(requested.persons.map((ids) => findPersons.request.parse({ person_ids: ids }).person_ids.length)).toEqual([
      1_000,
    ]);
    expect(requested.classes).toEqual([]);
  });

  it('is recorded once by two instances at once', async () => {
    const persons = Array.from({ length: 50 }, newId);
    for (const { others } of [harness, second])
      others.on(findPersons, ({ person_ids: ids }) => ({ persons: ids.map(person) }));
    const conversions = persons.map((one) => system.conversion(one));
    const replies = await Promise.all(
      [harness, second, harness, second].map((instance, turn) =>
        instance
          .get(RecordConversions)
          .execute([command({ conversions: turn > 1 ? conversions.toReversed() : conversions })]),
      ),
    );
    const outcomes = replies.flat().flatMap((reply) => answerOf(reply).items);
    expect(outcomes.filter(({ problem }) => problem)).toEqual([]);
    expect(new Set(outcomes.map((outcome) => canonicalJson(outcome))).size).toBe(50);
  });

  it('is unavailable while subscriptions is away, with all of its request; other requests are recorded', async () => {
    const away = () => {
      throw new ServiceUnavailable('subscriptions', 'the test says so');
    };
    harness.others.on(findPersons, away);
    harness.others.on(findClasses, away);
    const [known] = (await system.persons(1)) as [string];
    const newcomer = newId();
    const [first, beside, fine] = [system.conversion(known), system.conversion(newcomer), system.conversion(known)];
    const ofClass = system.conversion(known, { offer_id: newId() });
    const outside = system.conversion(known, { offer_id: 'no such offer' });
    // The id of a conversion of the first request with another content: it is evaluated by itself.
    const clash = { ...first, offer_id: 'no such offer' };
    const send = (...requests: ReturnType<OutsideSystem['conversion']>[][]) =>
      harness.get(RecordConversions).execute(requests.map((conversions) => command({ conversions })));
    const replies = await send([first, beside], [ofClass], [clash], [fine, outside]);
    expect(replies.map((reply) => 'unavailable' in reply)).toEqual([true, true, false, false]);
    expect(replies.slice(2).flatMap((reply) => answerOf(reply).items.map(({ problem }) => problem?.code))).toEqual([
      'OFFER_NOT_FOUND',
      undefined,
      'OFFER_NOT_FOUND',
    ]);
    const ids = [first, beside, ofClass, clash].map(({ conversion_id: id }) => id);
    expect(await harness.query('select from conversion where conversion_id = any ($1)', [ids])).toEqual([]);

    harness.others.on(findPersons, ({ person_ids: requested }) => ({ persons: requested.map(person) }));
    const [reply] = await send([first, beside]);
    expect(answerOf(reply).items.map(({ problem }) => problem)).toEqual([null, null]);
  });
});

describe('a repeated request', () => {
  const record = (id: string, ...conversions: ReturnType<OutsideSystem['conversion']>[]) =>
    harness.get(RecordConversions).execute([command({ conversions }, id)]);
  const reverse = (id: string, conversionId: string, reason: 'refund' | 'fraud' = 'refund') =>
    harness.get(ReverseConversions).execute([command({ conversion_id: conversionId, reason }, id)]);
  const one = async <Reply>(replies: Promise<Reply[]>) => (await replies)[0] as Reply;
  const codeOf = (reply: object) => ('refusal' in reply ? (reply.refusal as { code: string }).code : null);

  it('gets its first reply, also for an unknown person, and its id cannot have another content', async () => {
    const code = await fixed(100);
    const [person, stranger] = [await system.personWith(code.id), newId()];
    const conversions = [system.conversion(person), system.conversion(stranger)];
    const id = newId();
    const first = await one(record(id, ...conversions));
    expect(first).toMatchObject({ answer: { items: [{ problem: null }, { problem: { code: 'PERSON_NOT_FOUND' } }] } });
    harness.others.on(findPersons, ({ person_ids: ids }) => ({
      persons: ids.map((one) => ({
        person_id: one,
        name: 'Ada',
        username: one,
        email: `${one}@example.org`,
        email_verified: false,
        version: 1,
        registered_at: '2026-03-02T09:00:00Z',
      })),
    }));
    expect(await one(record(id, ...conversions))).toMatchObject(first);
    expect(codeOf(await one(record(id, system.conversion(person))))).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(await counters(code.id)).toMatchObject({ used: 1, given: 100 });
    expect(await one(record(newId(), ...conversions))).toMatchObject({
      answer: { items: [{ problem: null }, { problem: null }] },
    });
  });

  it('whose sender repeats until success is decided again, and its id cannot have another content', async () => {
    const code = await fixed(100);
    const [known, late] = [await system.personWith(code.id), newId()];
    const [body, unknown] = [system.conversion(known), system.conversion(late)];
    const id = newId();
    const send = (...conversions: (typeof body)[]) =>
      one(harness.get(RecordConversions).execute([command({ conversions, sender_repeats: true }, id)]));
    const first = await send(body, unknown);
    expect(first).toMatchObject({ answer: { items: [{ problem: null }, { problem: { code: 'PERSON_NOT_FOUND' } }] } });
    expect(await send(body, unknown)).toEqual(first);
    expect(codeOf(await send(system.conversion(known)))).toBe('IDEMPOTENCY_KEY_REUSED');
    await harness.get(ProjectPersons).execute([
      envelope({
        person_id: late,
        name: 'Ada',
        username: late,
        email: `${late}@example.org`,
        email_verified: false,
        version: 1,
        registered_at: '2026-03-02T09:00:00Z',
      }),
    ]);
    expect(await send(body, unknown)).toMatchObject({
      answer: { items: [(first as { answer: { items: unknown[] } }).answer.items[0], { problem: null }] },
    });
    expect(await counters(code.id)).toMatchObject({ used: 1, given: 100 });
  });

  it('to reverse a conversion that is recorded later reverses it then, once', async () => {
    const code = await fixed(100);
    const body = system.conversion(await system.personWith(code.id));
    const requested = { conversion_id: body.conversion_id, reason: 'refund' as const, sender_repeats: true };
    const id = newId();
    const send = (events: Partial<typeof requested> = {}) => command({ ...requested, ...events }, id);
    const reversing = harness.get(ReverseConversions);
    expect(codeOf(await one(reversing.execute([send()])))).toBe('CONVERSION_NOT_FOUND');
    await system.record(body);
    const other = send({ conversion_id: 'another' });
    const replies = await reversing.execute([other, send(), send()]);
    expect(replies.map(codeOf)).toEqual(['IDEMPOTENCY_KEY_REUSED', null, null]);
    expect(replies[2]).toMatchObject(replies[1] ?? {});
    expect(await one(reversing.execute([send()]))).toMatchObject(replies[1] ?? {});
    expect(await counters(code.id)).toMatchObject({ used: 0 });
  });

  it('reverses its first conversion, and no other', async () => {
    const code = await fixed(100);
    const [body, other] = [
      system.conversion(await system.personWith(code.id)),
      system.conversion(await system.personWith(code.id)),
    ];
    await system.record(body, other);
    const id = newId();
    const first = await one(reverse(id, body.conversion_id));
    expect(await one(reverse(id, body.conversion_id))).toMatchObject(first);
    expect(codeOf(await one(reverse(id, other.conversion_id)))).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(codeOf(await one(reverse(id, body.conversion_id, 'fraud')))).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(await counters(code.id)).toMatchObject({ used: 1 });
  });
});
