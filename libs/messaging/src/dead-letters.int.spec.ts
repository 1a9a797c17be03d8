import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Logger } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { eventually } from '../../../test/support/eventually.js';
import { MessagingWorld } from '../../../test/support/messaging-world.js';
import { tcpProxy } from '../../../test/support/tcp-proxy.js';
import { testBrokerUrl } from '../../../test/support/test-broker.js';
import { DeadLetters } from './dead-letters.js';
import { decodeEnvelope, encodeEnvelope } from './envelope.js';
import { BrokerAway } from './faults.js';
import { parked } from './parking.js';
import { QueueDepths } from './queue-depths.js';
import {
  declareRetryQueues,
  parkedQueue,
  requestQueue,
  retryQueue,
  serviceQueue,
  unroutableQueue,
} from './topology.js';

let world: MessagingWorld;
let deadLetters: DeadLetters;
let depths: QueueDepths;

beforeAll(async () => {
  Logger.overrideLogger(false);
  world = await MessagingWorld.create();
  const app = await world.start(world.teller);
  deadLetters = app.get(DeadLetters);
  depths = app.get(QueueDepths);
  await deadLetters.list(world.hearer);
  await declareRetryQueues(world.channel, world.hearer, 2);
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.purge();
  await world.channel.purgeQueue(unroutableQueue);
});

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

async function park(values: readonly number[]): Promise<void> {
  for (const value of values) {
    const fact = world.envelope(value);
    const properties = { messageId: fact.messageId, type: fact.type, headers: { attempts: 2 } };
    const publication = parked(
      world.hearer,
      { content: encodeEnvelope(fact), properties } as never,
      'bug',
      new Error('broken'),
    );
    world.channel.publish(publication.exchange, publication.routingKey, publication.content, publication.properties);
  }
  await eventually(async () => (await world.depth(parkedQueue(world.hearer))) === values.length);
}

const parkedValue = ({ body }: { body: string }) => JSON.parse(body).data.value;
const values = async () => (await deadLetters.list(world.hearer)).items.map(parkedValue);

async function back(count: number): Promise<number[]> {
  await eventually(async () => (await world.depth(serviceQueue(world.hearer))) === count);
  const messages = await world.take(serviceQueue(world.hearer));
  expect(messages.every(({ properties }) => properties.headers?.attempts === undefined)).toBe(true);
  return messages.map(({ content }) => (decodeEnvelope(content).data as { value: number }).value);
}

describe('parked messages', () => {
  it('can be looked at, again and again, without losing any', async () => {
    await park(upTo(5));
    const page = await deadLetters.list(world.hearer, { offset: 1, limit: 2 });
    expect(page.total).toBe(5);
    expect(page.items.map(parkedValue)).toEqual([1, 2]);
    expect(page.items[0]).toMatchObject({ reason: 'bug', attempts: 2, type: world.happened.type });
    expect(page.items[0]?.detail).toContain('Error: broken');
    for (const _ of upTo(3)) expect(await values()).toEqual(upTo(5));
  });

  it('are replayed one by one or all together, as if told for the first time', async () => {
    await park(upTo(150));
    const { items } = await deadLetters.list(world.hearer, { offset: 7, limit: 1 });
    const { replayed } = await deadLetters.replay(world.hearer, [items[0]?.parkedId ?? '']);
    expect(replayed.map(parkedValue)).toEqual([7]);
    expect(await back(1)).toEqual([7]);
    expect((await deadLetters.replay(world.hearer, 'all')).replayed).toHaveLength(149);
    expect(await back(149)).toEqual(upTo(150).filter((value) => value !== 7));
    expect(await values()).toEqual([]);
  });

  it('are discarded by name, and what they were is given back', async () => {
    await park([1, 2, 3]);
    const { items } = await deadLetters.list(world.hearer);
    const discarded = await deadLetters.discard(world.hearer, [items[1]?.parkedId ?? ''], 'a test');
    expect(discarded.map(parkedValue)).toEqual([2]);
    expect(await values()).toEqual([1, 3]);
  });

  it.each(['discard', 'replay'] as const)(
    'are gone when the answer to a %s says so, however scattered',
    async (act) => {
      await park(upTo(400));
      const { items } = await deadLetters.list(world.hearer, { limit: 400 });
      const chosen = items.filter((message) => parkedValue(message) % 2 === 0);
      const names = chosen.map(({ parkedId }) => parkedId);
      const done =
        act === 'discard'
          ? await deadLetters.discard(world.hearer, names, 'a test')
          : (await deadLetters.replay(world.hearer, names)).replayed;
      expect(done.map(parkedValue)).toEqual(upTo(200).map((half) => half * 2));
      const left = await deadLetters.list(world.hearer, { limit: 400 });
      expect(left.items.map(parkedValue)).toEqual(upTo(200).map((half) => half * 2 + 1));
      if (act === 'replay') expect(await back(200)).toEqual(done.map(parkedValue));
    },
  );

  it('are gone with the copies that an unsure publisher made of them, and come back once', async () => {
    await park([1, 2]);
    const [copied] = await world.take(parkedQueue(world.hearer));
    for (const _ of upTo(2)) {
      world.channel.sendToQueue(parkedQueue(world.hearer), copied?.content ?? Buffer.alloc(0), copied?.properties);
    }
    await eventually(async () => (await values()).length === 2);
    const { items } = await deadLetters.list(world.hearer);
    await deadLetters.replay(world.hearer, [items[0]?.parkedId ?? '']);
    expect(await values()).toEqual([]);
    expect(await back(1)).toEqual([1]);
  });

  it('stay where they are when one that is named does not exist', async () => {
    await park([1, 2]);
    const { items } = await deadLetters.list(world.hearer);
    const unknown = [items[0]?.parkedId ?? '', 'no-such-id'];
    const refusal = { code: 'PARKED_MESSAGE_NOT_FOUND' };
    await expect(deadLetters.replay(world.hearer, unknown)).rejects.toMatchObject(refusal);
    await expect(deadLetters.discard(world.hearer, unknown, 'a test')).rejects.toMatchObject(refusal);
    expect(await values()).toEqual([1, 2]);
  });

  it('survive two operators at once', async () => {
    await park(upTo(20));
    const looks = await Promise.all([
      deadLetters.list(world.hearer),
      deadLetters.replay(world.hearer, 'all'),
      deadLetters.list(world.hearer),
    ]);
    expect(looks[1].replayed).toHaveLength(20);
    expect((await back(20)).sort((left, right) => left - right)).toEqual(upTo(20));
  });
});

describe('a broker that falls silent', () => {
  it('is away to whoever looks, and those after them are answered again', async () => {
    const line = await tcpProxy(testBrokerUrl());
    const app = await world.start(world.teller, { amqpUrl: line.url });
    const through = app.get(DeadLetters);
    await park([1]);
    expect((await through.list(world.hearer)).total).toBe(1);
    line.hang();
    const silent = [through.list(world.hearer), through.replay(world.hearer, 'all')];
    for (const asked of silent) await expect(asked).rejects.toBeInstanceOf(BrokerAway);
    line.mend();
    await eventually(async () => (await through.replay(world.hearer, 'all')).replayed.length === 1);
    expect(await back(1)).toEqual([1]);
    await world.stop(app);
    await line.close();
  });
});

describe('messages that no contract knows', () => {
  it('are replayed to whoever listens by then', async () => {
    world.channel.sendToQueue(unroutableQueue, encodeEnvelope(world.envelope(1)), { persistent: true });
    await eventually(async () => (await deadLetters.list('unroutable')).total === 1);
    await deadLetters.replay('unroutable', 'all');
    expect(await back(1)).toEqual([1]);
  });

  it('stay when still nobody listens, and the others are delivered once', async () => {
    const unknown = world.envelope(2, { type: `${world.teller}.undeclared.v1` });
    for (const fact of [world.envelope(1), unknown, world.envelope(3)]) {
      const { messageId, type } = fact;
      world.channel.sendToQueue(unroutableQueue, encodeEnvelope(fact), { persistent: true, messageId, type });
    }
    await eventually(async () => (await deadLetters.list('unroutable')).total === 3);
    for (const values of [[1, 3], []]) {
      const { replayed, left } = await deadLetters.replay('unroutable', 'all');
      expect(replayed.map(parkedValue).sort()).toEqual(values);
      expect(left).toMatchObject([{ messageId: unknown.messageId, type: unknown.type }]);
    }
    expect((await back(2)).sort()).toEqual([1, 3]);
    expect((await deadLetters.list('unroutable')).items.map(parkedValue)).toEqual([2]);
  });
});

describe('the depths of queues', () => {
  it('are told for each service that listens', async () => {
    await park([1, 2]);
    world.channel.sendToQueue(retryQueue(world.hearer, 2), Buffer.from('waits'), { expiration: 3_600_000 });
    await eventually(async () => (await world.depth(retryQueue(world.hearer, 2))) === 1);
    expect(await depths.read()).toEqual([
      { queue: serviceQueue(world.hearer), messages: 0, consumers: 0 },
      { queue: retryQueue(world.hearer, 1), messages: 0, consumers: 0 },
      { queue: retryQueue(world.hearer, 2), messages: 1, consumers: 0 },
      { queue: parkedQueue(world.hearer), messages: 2, consumers: 0 },
      { queue: unroutableQueue, messages: 0, consumers: 0 },
      { queue: requestQueue(world.hearer), messages: 0, consumers: 0 },
    ]);
  });

  it('say whether anybody answers requests', async () => {
    @Controller()
    class Answering {
      @MessagePattern<string>(world.look.type)
      look() {}
    }
    const app = await world.start(world.hearer, { controllers: [Answering] });
    await eventually(async () => {
      const depth = { queue: requestQueue(world.hearer), messages: 0, consumers: 1 };
      expect(await depths.read()).toContainEqual(depth);
    });
    await world.stop(app);
  });
});
