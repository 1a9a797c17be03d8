import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { webhookEndpointDisabled } from '#contracts/notifications/webhook-endpoints.js';
import { newId } from '#kernel/ids.js';
import { checkInvariants } from '#persistence/invariant-checks.js';
import { NotificationsHarness } from '../../test/notifications-harness.js';
import { accepts, Receiver } from '../../test/receiver.js';
import { ReadEndpoints } from '../endpoints/read-endpoints.js';
import { invariantChecks } from '../invariant-checks.js';
import { ClaimsStore } from './claims.store.js';
import { SendDeliveries } from './send-deliveries.js';
import { SendDelivery } from './send-delivery.js';

let harness: NotificationsHarness;
let second: NotificationsHarness;
let receiver: Receiver;
let other: Receiver;

beforeAll(async () => {
  harness = await NotificationsHarness.open();
  second = await NotificationsHarness.open(harness);
});
beforeEach(async () => {
  receiver = await Receiver.open();
  other = await Receiver.open();
});
afterEach(async () => {
  await harness.query(`update webhook_endpoint set status = 'paused' where status = 'active'`);
  await receiver[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
  const findings = await checkInvariants(invariantChecks, (sql) => harness.query(sql));
  expect(findings.flatMap(({ violations }) => violations)).toEqual([]);
});
afterAll(async () => {
  await second[Symbol.asyncDispose]();
  await harness[Symbol.asyncDispose]();
});

const states = async (endpointId: string) => (await harness.deliveries(endpointId)).map(({ state }) => state);
const endpointOf = (id: string) => harness.get(ReadEndpoints).one(id);

describe('an event', () => {
  it('is posted with its data and a signature that the SDK of Standard Webhooks accepts', async () => {
    const endpoint = await harness.endpoint(receiver.url);
    const event = harness.event();
    await harness.record(event);
    await harness.send();
    const [posted] = receiver.received;
    expect(JSON.parse(posted?.body ?? '')).toEqual({
      id: event.id,
      type: event.type,
      timestamp: event.time.toString(),
      subject: event.subject,
      data: event.data,
    });
    expect(posted?.headers).toMatchObject({ 'webhook-id': event.id, 'content-type': /json/ });
    expect(posted && accepts(endpoint.secret, posted)).toBe(true);
    const stranger = await harness.endpoint(other.url, ['subscriptions.order-closed.v1']);
    expect(posted && accepts(stranger.secret, posted)).toBe(false);
    expect(await states(endpoint.id)).toEqual(['delivered']);
    expect(other.received).toEqual([]);
  });

  it('received twice, and by two instances at once, has one delivery for each endpoint', async () => {
    const [one, two] = [await harness.endpoint(receiver.url), await harness.endpoint(other.url)];
    const events = Array.from({ length: 20 }, () => harness.event());
    await Promise.all([harness.record(...events), second.record(...events), harness.record(...events)]);
    await harness.record(...events);
    await Promise.all([harness.send(), second.send()]);
    for (const { id } of [one, two]) expect(await states(id)).toEqual(new Array(20).fill('delivered'));
    for (const { received } of [receiver, other]) {
      expect(received.map(({ id }) => id).sort()).toEqual(events.map(({ id }) => id).sort());
    }
  });

  it('that does not fit its contract is an error, and stores nothing', async () => {
    const endpoint = await harness.endpoint(receiver.url);
    await expect(harness.record({ ...harness.event(), data: { order_id: 7 } })).rejects.toThrow();
    expect(await states(endpoint.id)).toEqual([]);
  });

  it('that no endpoint gets is not stored', async () => {
    const event = { ...harness.event(), type: 'payments.order-settled.v1' };
    await harness.record(event);
    expect(await harness.query('select from webhook_event where id = $1', [event.id])).toEqual([]);
  });
});

describe('the order of a subject', () => {
  it('is kept while an endpoint is down; other subjects go on', async () => {
    const endpoint = await harness.endpoint(receiver.url);
    const [stuck, free] = [newId(), newId()];
    const events = [harness.event(stuck), harness.event(stuck, 1), harness.event(free, 2), harness.event(stuck, 3)];
    receiver.answer = ({ subject }, response) => {
      response.writeHead(subject === stuck ? 500 : 200).end();
    };
    await harness.record(...events.toReversed());
    await harness.send({ seconds: 5 });
    expect(receiver.received.map(({ id }) => id).sort()).toEqual([events[0]?.id, events[2]?.id].sort());
    receiver.received.length = 0;
    receiver.accepts();
    await harness.send({ seconds: 30 });
    expect(receiver.received.map(({ id }) => id)).toEqual([events[0]?.id, events[1]?.id, events[3]?.id]);
    expect(await states(endpoint.id)).toEqual(new Array(4).fill('delivered'));
  });

  it('is kept by two instances that send at once', async () => {
    await harness.endpoint(receiver.url);
    const subjects = Array.from({ length: 10 }, () => newId());
    const events = subjects.flatMap((subject) =>
      Array.from({ length: 5 }, (_, index) => harness.event(subject, index)),
    );
    receiver.answer = async (_, response) => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
      response.writeHead(Math.random() < 0.2 ? 503 : 204).end();
    };
    await harness.record(...events);
    for (let round = 0; round < 12; round++) await Promise.all([harness.send({ minutes: 6 }), second.send()]);
    const firsts = new Map(receiver.received.map(({ id, subject }) => [id, subject]));
    for (const subject of subjects) {
      const order = [...firsts].filter(([, about]) => about === subject).map(([id]) => id);
      expect(order).toEqual(events.filter((event) => event.subject === subject).map(({ id }) => id));
    }
  });
});

describe('a failed delivery', () => {
  it('is tried again with the same id and the same bytes', async () => {
    const endpoint = await harness.endpoint(receiver.url);
    receiver.answers(500);
    await harness.record(harness.event());
    await harness.send();
    await harness.send({ seconds: 5 });
    expect(receiver.received.length).toBe(1);
    receiver.accepts();
    await harness.send({ seconds: 10 });
    const [first, again] = receiver.received;
    expect([again?.id, again?.body]).toEqual([first?.id, first?.body]);
    expect(await harness.deliveries(endpoint.id)).toMatchObject([{ state: 'delivered', attempts: 2 }]);
  });

  it('is given up after three days, and lets the next one of its subject go', async () => {
    const endpoint = await harness.endpoint(receiver.url);
    const subject = newId();
    receiver.answers(400);
    await harness.record(harness.event(subject));
    for (let hour = 0; hour < 80; hour += 8) await harness.send({ hours: 8 });
    expect(await states(endpoint.id)).toEqual(['failed']);
    receiver.accepts();
    await harness.record(harness.event(subject, 1));
    await harness.send({ minutes: 6 });
    expect(await states(endpoint.id)).toEqual(['failed', 'delivered']);
  });

  it('waits as long as the server asks for', async () => {
    await harness.endpoint(receiver.url);
    receiver.answers(503, { 'retry-after': '600' });
    await harness.record(harness.event(), harness.event());
    await harness.send();
    const tried = receiver.received.length;
    receiver.accepts();
    await harness.send({ seconds: 500 });
    expect(receiver.received.length).toBe(tried);
    await harness.send({ seconds: 200 });
    expect(receiver.received.length).toBe(tried + 2);
  });
});

it('a crash between request and record sends it again, with the same id', async () => {
  const endpoint = await harness.endpoint(receiver.url);
  const event = harness.event();
  await harness.record(event);
  harness.clock.moveBy({ seconds: 2 });
  const now = harness.clock.now();
  const limits = { claim: newId(), parallel: 8, most: 10 };
  const claimed = await second.get(ClaimsStore).claim(limits, now, now.add({ seconds: 60 }));
  // It dies after the request.
  for (const delivery of claimed) await second.get(SendDelivery).execute(delivery);
  await harness.send({ seconds: 30 });
  expect(receiver.received.length).toBe(1);
  await harness.send({ seconds: 40 });
  expect(receiver.received.map(({ id }) => id)).toEqual([event.id, event.id]);
  expect(await harness.deliveries(endpoint.id)).toMatchObject([{ state: 'delivered', attempts: 2 }]);
});

it('a slow endpoint delays nobody else', async () => {
  const slow = await harness.endpoint(receiver.url);
  const fast = await harness.endpoint(other.url);
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  receiver.answer = async (_, response) => {
    await held;
    response.writeHead(204).end();
  };
  await harness.record(...Array.from({ length: 300 }, () => harness.event()));
  const sending = harness.send();
  while (other.received.length < 300) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(receiver.received.length).toBe(8);
  release();
  await sending;
  expect(await states(slow.id)).toEqual(new Array(300).fill('delivered'));
  expect(await states(fast.id)).toEqual(new Array(300).fill('delivered'));
});

describe('an endpoint', () => {
  it('that answers 410 is disabled, with an event, and gets no more', async () => {
    const endpoint = await harness.endpoint(receiver.url);
    receiver.answers(410);
    await harness.record(harness.event());
    await harness.send();
    expect(await endpointOf(endpoint.id)).toMatchObject({ status: 'disabled', status_reason: 'gone' });
    const events = await harness.published(endpoint.id);
    expect(events).toMatchObject([{ type: webhookEndpointDisabled.type, data: { reason: 'gone', failures: 1 } }]);
    const next = harness.event();
    await harness.record(next);
    await harness.send();
    expect(await states(endpoint.id)).toEqual(['failed']);
    expect(receiver.received.length).toBe(1);
  });

  it('that fails too often in a row is disabled once, by all instances together', async () => {
    const endpoint = await harness.endpoint(receiver.url);
    receiver.answers(500);
    await harness.record(...Array.from({ length: 10 }, () => harness.event()));
    for (let round = 0; round < 20; round++) await Promise.all([harness.send({ minutes: 10 }), second.send()]);
    expect(await endpointOf(endpoint.id)).toMatchObject({ status: 'disabled', status_reason: 'failing' });
    expect((await harness.published(endpoint.id)).length).toBe(1);
  });

  it('whose name leads elsewhere, or that is not there, costs attempts and nothing else', async () => {
    const poisoned = await harness.endpoint('http://localhost.invalid/hook');
    const healthy = await harness.endpoint(other.url);
    await harness.record(harness.event());
    await harness.send();
    expect(await states(healthy.id)).toEqual(['delivered']);
    const [row] = await harness.query(
      'select error, status from webhook_attempt join webhook_delivery d on d.id = delivery_id where endpoint_id = $1',
      [poisoned.id],
    );
    expect(row).toEqual({ error: 'name-not-resolved', status: null });
  });
});

it('a shutdown waits for what is under way, and claims no more', async () => {
  const instance = await NotificationsHarness.open(harness);
  const endpoint = await harness.endpoint(receiver.url);
  receiver.answer = (_, response) => {
    setTimeout(() => response.writeHead(204).end(), 100);
  };
  await harness.record(...Array.from({ length: 12 }, () => harness.event()));
  harness.clock.moveBy({ seconds: 2 });
  await instance.get(SendDeliveries).execute();
  await instance.get(SendDeliveries).beforeApplicationShutdown();
  const counted = Map.groupBy(await states(endpoint.id), (state) => state);
  expect([counted.get('delivered')?.length, counted.get('pending')?.length]).toEqual([8, 4]);
  await instance[Symbol.asyncDispose]();
});
