import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#kernel/ids.js';
import { checkInvariants } from '#persistence/invariant-checks.js';
import { command } from '../../../../test/support/messages/messages.js';
import { answerOf, refusalOf } from '../../../../test/support/messages/replies.js';
import { NotificationsHarness } from '../../test/notifications-harness.js';
import { Receiver } from '../../test/receiver.js';
import { DropOldEvents } from '../deliveries/drop-old-events.js';
import { PauseEndpoint } from '../endpoints/pause-endpoint.js';
import { ResumeEndpoint } from '../endpoints/resume-endpoint.js';
import { invariantChecks } from '../invariant-checks.js';
import { DeliveriesConsumer } from './deliveries.consumer.js';

let harness: NotificationsHarness;
let receiver: Receiver;

beforeAll(async () => {
  harness = await NotificationsHarness.open();
  receiver = await Receiver.open();
});
afterEach(async () => {
  receiver.accepts();
  receiver.received.length = 0;
  await harness.query(`update webhook_endpoint set status = 'paused' where status = 'active'`);
  const findings = await checkInvariants(invariantChecks, (sql) => harness.query(sql));
  expect(findings.flatMap(({ violations }) => violations)).toEqual([]);
});
afterAll(async () => {
  await receiver[Symbol.asyncDispose]();
  await harness[Symbol.asyncDispose]();
});

const log = () => harness.get(DeliveriesConsumer);
const list = async (endpoint_id: string, filter: object = {}) =>
  answerOf((await log().list([command({ endpoint_id, limit: 50, ...filter })]))[0]);
const one = async (endpoint_id: string, delivery_id: string) =>
  answerOf((await log().one([command({ endpoint_id, delivery_id })]))[0]);
const replay = (endpoint_id: string, delivery_id: string, id?: string) =>
  log().replay([command({ endpoint_id, delivery_id }, id)]);
const replayRange = (endpoint_id: string, only: 'missed' | 'all', from: Temporal.Instant, to = harness.clock.now()) =>
  log().replayRange([command({ endpoint_id, only, from: from.toString(), to: to.add({ hours: 1 }).toString() })]);

describe('the log', () => {
  it('shows each delivery with its payload and its attempts, newest first', async () => {
    const { id } = await harness.endpoint(receiver.url);
    const [first, second] = [harness.event(), harness.event(undefined, 1)];
    receiver.answers(500);
    await harness.record(first);
    await harness.send();
    receiver.accepts();
    await harness.record(second);
    await harness.send({ minutes: 1 });
    const { items, total } = await list(id);
    expect([items.map(({ event_id }) => event_id), total]).toEqual([[second.id, first.id], 2]);
    const detail = await one(id, items[1]?.delivery_id ?? '');
    expect(detail).toMatchObject({ state: 'delivered', attempts: 2, last_status: 204, last_error: null });
    expect(detail.log).toMatchObject([
      { number: 2, status: 204, error: null },
      { number: 1, status: 500, error: 'status', answer: 'an answer' },
    ]);
    expect(JSON.parse(detail.payload)).toMatchObject({ id: first.id, data: first.data });
  });

  it('is filtered, and read on after a cursor', async () => {
    const { id } = await harness.endpoint(receiver.url);
    const subject = newId();
    await harness.record(...Array.from({ length: 5 }, (_, index) => harness.event(subject, index)), harness.event());
    await harness.send({ seconds: 10 });
    expect((await list(id, { subject })).total).toBe(5);
    expect((await list(id, { subject, state: 'pending' })).total).toBe(0);
    expect((await list(id, { event_type: 'payments.order-settled.v1' })).total).toBe(0);
    expect((await list(id, { from: harness.clock.now().toString() })).total).toBe(0);
    const page = await list(id, { subject, limit: 3 });
    const rest = await list(id, { subject, limit: 3, after: page.next_cursor });
    expect([page.items.length, rest.items.length, rest.next_cursor]).toEqual([3, 2, null]);
  });

  it('of an endpoint that does not exist is a refusal, and so is a delivery of another one', async () => {
    const [mine, other] = [await harness.endpoint(receiver.url), await harness.endpoint(receiver.url)];
    await harness.record(harness.event());
    const [delivery] = await harness.deliveries(other.id);
    expect((await log().list([command({ endpoint_id: newId(), limit: 5 })])).map(refusalOf)).toEqual([
      'WEBHOOK_ENDPOINT_NOT_FOUND',
    ]);
    const foreign = command({ endpoint_id: mine.id, delivery_id: delivery?.id ?? '' });
    expect((await log().one([foreign])).map(refusalOf)).toEqual(['WEBHOOK_DELIVERY_NOT_FOUND']);
    expect((await replay(mine.id, delivery?.id ?? '')).map(refusalOf)).toEqual(['WEBHOOK_DELIVERY_NOT_FOUND']);
  });
});

it('a ping goes the way of all events, to its endpoint alone', async () => {
  const { id } = await harness.endpoint(receiver.url);
  await harness.endpoint(receiver.url);
  const asked = command({ endpoint_id: id });
  const [pinged] = await log().ping([asked]);
  expect(answerOf(pinged)).toMatchObject({ state: 'pending', event_type: 'notifications.ping.v1' });
  await log().ping([asked]);
  await harness.send();
  expect(receiver.received.map(({ data }) => data)).toEqual([{ endpoint_id: id }]);
  await harness.get(PauseEndpoint).execute([asked].map(({ data }) => command(data)));
  expect((await log().ping([command({ endpoint_id: id })])).map(refusalOf)).toEqual(['WEBHOOK_ENDPOINT_NOT_ACTIVE']);
});

describe('a replay', () => {
  it('of a delivery sends it again with the same id, once per command', async () => {
    const { id } = await harness.endpoint(receiver.url);
    const event = harness.event();
    await harness.record(event);
    const [row] = await harness.deliveries(id);
    expect((await replay(id, row?.id ?? '')).map(refusalOf)).toEqual(['WEBHOOK_DELIVERY_PENDING']);
    await harness.send();
    const key = newId();
    expect(answerOf((await replay(id, row?.id ?? '', key))[0])).toMatchObject({ state: 'pending', replays: 1 });
    await replay(id, row?.id ?? '', key);
    await harness.send();
    await replay(id, row?.id ?? '', key);
    await harness.send();
    expect(receiver.received.map((posted) => posted.id)).toEqual([event.id, event.id]);
    expect(await one(id, row?.id ?? '')).toMatchObject({ state: 'delivered', attempts: 2, replays: 1 });
  });

  it('of a time range sends what a disabled endpoint missed, in order', async () => {
    const { id } = await harness.endpoint(receiver.url);
    const from = harness.clock.now();
    const [before, subject] = [harness.event(), newId()];
    await harness.record(before);
    await harness.send();
    await harness.query(`update webhook_endpoint set status = 'disabled' where id = $1`, [id]);
    const missed = Array.from({ length: 3 }, (_, index) => harness.event(subject, index));
    await harness.record(...missed);
    expect((await replayRange(id, 'missed', from)).map(refusalOf)).toEqual(['WEBHOOK_ENDPOINT_NOT_ACTIVE']);
    await harness.get(ResumeEndpoint).execute([command({ endpoint_id: id })]);
    receiver.received.length = 0;
    expect(answerOf((await replayRange(id, 'missed', from))[0])).toEqual({ endpoint_id: id, replayed: 3 });
    await harness.send();
    expect(receiver.received.map((posted) => posted.id)).toEqual(missed.map((event) => event.id));
    expect(answerOf((await replayRange(id, 'missed', from))[0])).toMatchObject({ replayed: 0 });
    expect(answerOf((await replayRange(id, 'all', from))[0])).toMatchObject({ replayed: 4 });
    await harness.send();
    expect(receiver.received.length).toBe(3 + 4);
  });

  it('of a time range is refused when it is reversed, or has too many events', async () => {
    const { id } = await harness.endpoint(receiver.url);
    const now = harness.clock.now();
    const reversed = command({ endpoint_id: id, only: 'all' as const, from: now.toString(), to: now.toString() });
    expect((await log().replayRange([reversed])).map(refusalOf)).toEqual(['DATES_REVERSED']);
    await harness.query(
      `insert into webhook_event (id, type, subject, occurred_at, data, recipients, received_at)
       select gen_random_uuid(), 'subscriptions.order-opened.v1', 'x', $1, '{}', 0, $1 from generate_series(1, 10001)`,
      [now],
    );
    expect((await replayRange(id, 'missed', now)).map(refusalOf)).toEqual(['WEBHOOK_REPLAY_TOO_LARGE']);
    expect(await harness.deliveries(id)).toEqual([]);
    await harness.query(`delete from webhook_event where subject = 'x'`);
  });
});

it('events are dropped with their deliveries and attempts after the days of the settings', async () => {
  const { id } = await harness.endpoint(receiver.url);
  await harness.record(...Array.from({ length: 30 }, () => harness.event()));
  await harness.send();
  harness.clock.moveBy({ hours: 24 * 29 });
  const recent = harness.event();
  await harness.record(recent);
  await harness.send();
  const counts = async () => {
    const [row] = await harness.query(
      `select (select count(*) from webhook_event) as events, (select count(*) from webhook_delivery) as deliveries,
         (select count(*) from webhook_attempt) as attempts`,
    );
    return row;
  };
  const dropped = async () => {
    harness.clock.moveBy({ hours: 24 * 2 });
    return harness.get(DropOldEvents).execute();
  };
  expect(await dropped()).toBeGreaterThanOrEqual(30);
  expect((await harness.deliveries(id)).map(({ event_id }) => event_id)).toEqual([recent.id]);
  const left = (await counts()) as { events: number; attempts: number };
  expect([left.events, left.attempts]).toEqual([1, 1]);
  // A repeat of what was dropped is not an event again.
  await harness.record({ ...recent, id: newId(), time: harness.clock.now().subtract({ hours: 24 * 31 }) });
  expect(((await counts()) as { events: number }).events).toBe(1);
});

it('what an endpoint still has to get is not dropped', async () => {
  const { id } = await harness.endpoint(receiver.url);
  const event = harness.event();
  await harness.record(event);
  await harness.send();
  harness.clock.moveBy({ hours: 24 * 31 });
  const [row] = await harness.deliveries(id);
  await replay(id, row?.id ?? '');
  await harness.get(DropOldEvents).execute();
  await harness.send();
  expect(receiver.received.map((posted) => posted.id)).toEqual([event.id, event.id]);
});
