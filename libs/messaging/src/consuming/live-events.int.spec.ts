import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#kernel/ids.js';
import { eventually } from '../../../../test/support/eventually.js';
import { tcpProxy } from '../../../../test/support/servers/tcp-proxy.js';
import { testBrokerUrl, testBrokerUser } from '../../../../test/support/servers/test-broker.js';
import { MessagingEnvironment } from '../../../../test/support/services/messaging-environment.js';
import { eventsExchange, routingKey } from '../connection/topology.js';
import { encodeEnvelope } from '../envelope.js';
import { BrokerUnavailable } from '../faults.js';
import { pack } from '../publishing/packing.js';
import { LiveEvents } from './live-events.js';

let environment: MessagingEnvironment;

beforeAll(async () => {
  environment = await MessagingEnvironment.create();
});
afterAll(() => environment.close());

function publish(value: number, subject: string): void {
  const event = environment.envelope(value, { subject, type: environment.withoutSubscribers.type });
  environment.channel.publish(eventsExchange, routingKey(event.type, subject), encodeEnvelope(event), {
    userId: testBrokerUser(),
  });
}

function publishPacked(...events: [value: number, subject: string][]): void {
  const stored = events.map(([value, subject]) =>
    environment.envelope(value, { subject, type: environment.withoutSubscribers.type }),
  );
  for (const { exchange, routingKey, content, properties } of pack(stored, () => ({ userId: testBrokerUser() }))) {
    environment.channel.publish(exchange, routingKey, content, properties);
  }
}

function watcher() {
  const seen: number[] = [];
  let gaps = 0;
  return {
    seen,
    gaps: () => gaps,
    onEvent: ({ data }: { data: unknown }) => seen.push((data as { value: number }).value),
    onGap: () => {
      gaps++;
    },
  };
}

describe('the watcher of a subject', () => {
  it('receives the events of the subject, and no others', async () => {
    const live = (await environment.start(environment.publisher)).get(LiveEvents);
    const [subject, other] = [newId(), newId()];
    const [first, second] = [watcher(), watcher()];
    const stopFirst = await live.watch(subject, first);
    await live.watch(subject, second);
    publish(1, other);
    publish(2, subject);
    await eventually(() => first.seen.length > 0 && second.seen.length > 0);
    stopFirst();
    publish(3, subject);
    await eventually(() => second.seen.length === 2);
    expect([first.seen, second.seen]).toEqual([[2], [2, 3]]);
  });

  it('receives packed events of the subject, until it stops watching', async () => {
    const live = (await environment.start(environment.publisher)).get(LiveEvents);
    const subject = newId();
    const given = watcher();
    const leave = await live.watch(subject, given);
    publishPacked([1, newId()], [2, subject], [3, subject]);
    await eventually(() => given.seen.length === 2);
    leave();
    await live.watch(newId(), watcher());
    const again = watcher();
    await live.watch(subject, again);
    publishPacked([4, subject], [5, newId()]);
    await eventually(() => again.seen.length === 1);
    expect([given.seen, again.seen]).toEqual([[2, 3], [4]]);
  });

  it('is notified of a gap after the connection was lost, and receives later events', async () => {
    const line = await tcpProxy(testBrokerUrl());
    const app = await environment.start(environment.publisher, { amqpUrl: line.url });
    const subject = newId();
    const given = watcher();
    await app.get(LiveEvents).watch(subject, given);
    line.cut();
    line.mend();
    await eventually(() => given.gaps() === 1);
    publish(1, subject);
    publishPacked([2, subject], [3, newId()]);
    await eventually(() => given.seen.length === 2);
    await environment.stop(app);
    await line.close();
  });

  it('fails in time when the broker is silent or lost its queue, and can watch once it is back', async () => {
    const line = await tcpProxy(testBrokerUrl());
    const app = await environment.start(environment.publisher, { amqpUrl: line.url });
    const live = app.get(LiveEvents);
    const [subject, refused] = [newId(), newId()];
    const [given, refusedWatcher] = [watcher(), watcher()];
    await live.watch(newId(), watcher());
    line.hang();
    await expect(live.watch(refused, refusedWatcher, 200)).rejects.toBeInstanceOf(BrokerUnavailable);
    line.mend();
    const lost = live.watch(subject, given);
    line.cut();
    await expect(lost).rejects.toBeInstanceOf(BrokerUnavailable);
    line.mend();
    await live.watch(subject, given);
    publish(1, refused);
    publish(2, subject);
    await eventually(() => given.seen.length === 1);
    expect([given.seen, refusedWatcher.seen]).toEqual([[2], []]);
    await environment.stop(app);
    await line.close();
  });
});
