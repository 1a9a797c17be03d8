import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#kernel/ids.js';
import { eventually } from '../../../test/support/eventually.js';
import { MessagingWorld } from '../../../test/support/messaging-world.js';
import { tcpProxy } from '../../../test/support/tcp-proxy.js';
import { testBrokerUrl } from '../../../test/support/test-broker.js';
import { encodeEnvelope } from './envelope.js';
import { BrokerAway } from './faults.js';
import { LiveFacts } from './live-facts.js';
import { pack } from './packing.js';
import { eventsExchange, routingKey } from './topology.js';

let world: MessagingWorld;

beforeAll(async () => {
  world = await MessagingWorld.create();
});
afterAll(() => world.close());

function tell(value: number, subject: string): void {
  const fact = world.envelope(value, { subject, type: world.unheard.type });
  world.channel.publish(eventsExchange, routingKey(fact.type, subject), encodeEnvelope(fact));
}

function tellPacked(...facts: [value: number, subject: string][]): void {
  const stored = facts.map(([value, subject]) => world.envelope(value, { subject, type: world.unheard.type }));
  for (const { exchange, routingKey, content, properties } of pack(stored, () => ({}))) {
    world.channel.publish(exchange, routingKey, content, properties);
  }
}

function watcher() {
  const seen: number[] = [];
  let gaps = 0;
  return {
    seen,
    gaps: () => gaps,
    onFact: ({ data }: { data: unknown }) => seen.push((data as { value: number }).value),
    onGap: () => {
      gaps++;
    },
  };
}

describe('whoever watches a subject', () => {
  it('sees its facts as they happen, and those of no other', async () => {
    const live = (await world.start(world.teller)).get(LiveFacts);
    const [subject, other] = [newId(), newId()];
    const [first, second] = [watcher(), watcher()];
    const stopFirst = await live.watch(subject, first);
    await live.watch(subject, second);
    tell(1, other);
    tell(2, subject);
    await eventually(() => first.seen.length > 0 && second.seen.length > 0);
    stopFirst();
    tell(3, subject);
    await eventually(() => second.seen.length === 2);
    expect([first.seen, second.seen]).toEqual([[2], [2, 3]]);
  });

  it('sees its facts in whatever company they travel, for as long as it watches', async () => {
    const live = (await world.start(world.teller)).get(LiveFacts);
    const subject = newId();
    const given = watcher();
    const leave = await live.watch(subject, given);
    tellPacked([1, newId()], [2, subject], [3, subject]);
    await eventually(() => given.seen.length === 2);
    leave();
    await live.watch(newId(), watcher());
    const again = watcher();
    await live.watch(subject, again);
    tellPacked([4, subject], [5, newId()]);
    await eventually(() => again.seen.length === 1);
    expect([given.seen, again.seen]).toEqual([[2, 3], [4]]);
  });

  it('is told of a gap when the connection was lost, and sees what happens afterwards', async () => {
    const line = await tcpProxy(testBrokerUrl());
    const app = await world.start(world.teller, { amqpUrl: line.url });
    const subject = newId();
    const given = watcher();
    await app.get(LiveFacts).watch(subject, given);
    line.cut();
    line.mend();
    await eventually(() => given.gaps() === 1);
    tell(1, subject);
    tellPacked([2, subject], [3, newId()]);
    await eventually(() => given.seen.length === 2);
    await world.stop(app);
    await line.close();
  });

  it('is turned away in time by a broker that fell silent or lost its queue, and can watch once it is back', async () => {
    const line = await tcpProxy(testBrokerUrl());
    const app = await world.start(world.teller, { amqpUrl: line.url });
    const live = app.get(LiveFacts);
    const [subject, refused] = [newId(), newId()];
    const [given, turnedAway] = [watcher(), watcher()];
    await live.watch(newId(), watcher());
    line.hang();
    await expect(live.watch(refused, turnedAway, 200)).rejects.toBeInstanceOf(BrokerAway);
    line.mend();
    const lost = live.watch(subject, given);
    line.cut();
    await expect(lost).rejects.toBeInstanceOf(BrokerAway);
    line.mend();
    await live.watch(subject, given);
    tell(1, refused);
    tell(2, subject);
    await eventually(() => given.seen.length === 1);
    expect([given.seen, turnedAway.seen]).toEqual([[2], []]);
    await world.stop(app);
    await line.close();
  });
});
