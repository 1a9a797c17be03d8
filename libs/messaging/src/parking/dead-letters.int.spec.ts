import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Logger } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { eventually } from '../../../../test/support/eventually.js';
import { tcpProxy } from '../../../../test/support/servers/tcp-proxy.js';
import { testBrokerUrl } from '../../../../test/support/servers/test-broker.js';
import { MessagingEnvironment } from '../../../../test/support/services/messaging-environment.js';
import {
  declareRetryQueues,
  parkedQueue,
  requestQueue,
  retryQueue,
  serviceQueue,
  unroutableQueue,
} from '../connection/topology.js';
import { decodeEnvelope, encodeEnvelope } from '../envelope.js';
import { BrokerUnavailable } from '../faults.js';
import { DeadLetters } from './dead-letters.js';
import { parked } from './parking.js';
import { QueueDepths } from './queue-depths.js';

let environment: MessagingEnvironment;
let deadLetters: DeadLetters;
let depths: QueueDepths;

beforeAll(async () => {
  Logger.overrideLogger(false);
  environment = await MessagingEnvironment.create();
  const app = await environment.start(environment.publisher);
  deadLetters = app.get(DeadLetters);
  depths = app.get(QueueDepths);
  await deadLetters.list(environment.subscriber);
  await declareRetryQueues(environment.channel, environment.subscriber, 2);
});
afterAll(() => environment.close());
beforeEach(async () => {
  await environment.purge();
  await environment.channel.purgeQueue(unroutableQueue);
});

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

async function park(values: readonly number[]): Promise<void> {
  for (const value of values) {
    const event = environment.envelope(value);
    const properties = { messageId: event.messageId, type: event.type, headers: { attempts: 2 } };
    const publication = parked(
      environment.subscriber,
      { content: encodeEnvelope(event), properties } as never,
      'bug',
      new Error('broken'),
    );
    environment.channel.publish(
      publication.exchange,
      publication.routingKey,
      publication.content,
      publication.properties,
    );
  }
  await eventually(async () => (await environment.depth(parkedQueue(environment.subscriber))) === values.length);
}

const parkedValue = ({ body }: { body: string }) => JSON.parse(body).data.value;
const values = async () => (await deadLetters.list(environment.subscriber)).items.map(parkedValue);

async function requeued(count: number): Promise<number[]> {
  await eventually(async () => (await environment.depth(serviceQueue(environment.subscriber))) === count);
  const messages = await environment.take(serviceQueue(environment.subscriber));
  expect(messages.every(({ properties }) => properties.headers?.attempts === undefined)).toBe(true);
  return messages.map(({ content }) => (decodeEnvelope(content).data as { value: number }).value);
}

describe('parked messages', () => {
  it('can be listed repeatedly, and none is lost', async () => {
    await park(upTo(5));
    const page = await deadLetters.list(environment.subscriber, { page: 2, limit: 2 });
    expect(page.total).toBe(5);
    expect(page.items.map(parkedValue)).toEqual([2, 3]);
    expect(page.items[0]).toMatchObject({ reason: 'bug', attempts: 2, type: environment.happened.type });
    expect(page.items[0]?.detail).toContain('Error: broken');
    for (const _ of upTo(3)) expect(await values()).toEqual(upTo(5));
  });

  it('are replayed one by one or all together, as they were published first', async () => {
    await park(upTo(150));
    const { items } = await deadLetters.list(environment.subscriber, { page: 8, limit: 1 });
    const { replayed } = await deadLetters.replay(environment.subscriber, [items[0]?.parkedId ?? '']);
    expect(replayed.map(parkedValue)).toEqual([7]);
    expect(await requeued(1)).toEqual([7]);
    expect((await deadLetters.replay(environment.subscriber, 'all')).replayed).toHaveLength(149);
    expect(await requeued(149)).toEqual(upTo(150).filter((value) => value !== 7));
    expect(await values()).toEqual([]);
  });

  it('are discarded by id and returned to the caller', async () => {
    await park([1, 2, 3]);
    const { items } = await deadLetters.list(environment.subscriber);
    const discarded = await deadLetters.discard(environment.subscriber, [items[1]?.parkedId ?? ''], 'a test');
    expect(discarded.map(parkedValue)).toEqual([2]);
    expect(await values()).toEqual([1, 3]);
  });

  it.each(['discard', 'replay'] as const)(
    'are deleted when a %s resolves, wherever they are in the queue',
    async (act) => {
      await park(upTo(400));
      const { items } = await deadLetters.list(environment.subscriber, { limit: 400 });
      const chosen = items.filter((message) => parkedValue(message) % 2 === 0);
      const names = chosen.map(({ parkedId }) => parkedId);
      const done =
        act === 'discard'
          ? await deadLetters.discard(environment.subscriber, names, 'a test')
          : (await deadLetters.replay(environment.subscriber, names)).replayed;
      expect(done.map(parkedValue)).toEqual(upTo(200).map((half) => half * 2));
      const left = await deadLetters.list(environment.subscriber, { limit: 400 });
      expect(left.items.map(parkedValue)).toEqual(upTo(200).map((half) => half * 2 + 1));
      if (act === 'replay') expect(await requeued(200)).toEqual(done.map(parkedValue));
    },
  );

  it('are deleted with their duplicates, and replayed once', async () => {
    await park([1, 2]);
    const [copied] = await environment.take(parkedQueue(environment.subscriber));
    for (const _ of upTo(2)) {
      environment.channel.sendToQueue(
        parkedQueue(environment.subscriber),
        copied?.content ?? Buffer.alloc(0),
        copied?.properties,
      );
    }
    await eventually(async () => (await values()).length === 2);
    const { items } = await deadLetters.list(environment.subscriber);
    await deadLetters.replay(environment.subscriber, [items[0]?.parkedId ?? '']);
    expect(await values()).toEqual([]);
    expect(await requeued(1)).toEqual([1]);
  });

  it('stay parked when one of the ids does not exist', async () => {
    await park([1, 2]);
    const { items } = await deadLetters.list(environment.subscriber);
    const unknown = [items[0]?.parkedId ?? '', 'no-such-id'];
    const refusal = { code: 'PARKED_MESSAGE_NOT_FOUND' };
    await expect(deadLetters.replay(environment.subscriber, unknown)).rejects.toMatchObject(refusal);
    await expect(deadLetters.discard(environment.subscriber, unknown, 'a test')).rejects.toMatchObject(refusal);
    expect(await values()).toEqual([1, 2]);
  });

  it('survive two operators at once', async () => {
    await park(upTo(20));
    const results = await Promise.all([
      deadLetters.list(environment.subscriber),
      deadLetters.replay(environment.subscriber, 'all'),
      deadLetters.list(environment.subscriber),
    ]);
    expect(results[1].replayed).toHaveLength(20);
    expect((await requeued(20)).sort((left, right) => left - right)).toEqual(upTo(20));
  });
});

describe('a silent broker', () => {
  it('makes the operations fail in time, and later ones succeed', async () => {
    const line = await tcpProxy(testBrokerUrl());
    const app = await environment.start(environment.publisher, { amqpUrl: line.url });
    const through = app.get(DeadLetters);
    await park([1]);
    expect((await through.list(environment.subscriber)).total).toBe(1);
    line.hang();
    const failing = [through.list(environment.subscriber), through.replay(environment.subscriber, 'all')];
    for (const operation of failing) await expect(operation).rejects.toBeInstanceOf(BrokerUnavailable);
    line.mend();
    await eventually(async () => (await through.replay(environment.subscriber, 'all')).replayed.length === 1);
    expect(await requeued(1)).toEqual([1]);
    await environment.stop(app);
    await line.close();
  });
});

describe('events without a contract', () => {
  it('are replayed to the services that are bound by then', async () => {
    environment.channel.sendToQueue(unroutableQueue, encodeEnvelope(environment.envelope(1)), { persistent: true });
    await eventually(async () => (await deadLetters.list('unroutable')).total === 1);
    await deadLetters.replay('unroutable', 'all');
    expect(await requeued(1)).toEqual([1]);
  });

  it('stay while no queue is bound, and the others are delivered once', async () => {
    const unknown = environment.envelope(2, { type: `${environment.publisher}.undeclared.v1` });
    for (const event of [environment.envelope(1), unknown, environment.envelope(3)]) {
      const { messageId, type } = event;
      environment.channel.sendToQueue(unroutableQueue, encodeEnvelope(event), { persistent: true, messageId, type });
    }
    await eventually(async () => (await deadLetters.list('unroutable')).total === 3);
    for (const values of [[1, 3], []]) {
      const { replayed, left } = await deadLetters.replay('unroutable', 'all');
      expect(replayed.map(parkedValue).sort()).toEqual(values);
      expect(left).toMatchObject([{ messageId: unknown.messageId, type: unknown.type }]);
    }
    expect((await requeued(2)).sort()).toEqual([1, 3]);
    expect((await deadLetters.list('unroutable')).items.map(parkedValue)).toEqual([2]);
  });
});

describe('the depths of queues', () => {
  it('are listed for each service with subscriptions', async () => {
    await park([1, 2]);
    environment.channel.sendToQueue(retryQueue(environment.subscriber, 2), Buffer.from('waits'), {
      expiration: 3_600_000,
    });
    await eventually(async () => (await environment.depth(retryQueue(environment.subscriber, 2))) === 1);
    expect(await depths.read()).toEqual([
      { queue: serviceQueue(environment.subscriber), messages: 0, consumers: 0 },
      { queue: retryQueue(environment.subscriber, 1), messages: 0, consumers: 0 },
      { queue: retryQueue(environment.subscriber, 2), messages: 1, consumers: 0 },
      { queue: parkedQueue(environment.subscriber), messages: 2, consumers: 0 },
      { queue: unroutableQueue, messages: 0, consumers: 0 },
      { queue: requestQueue(environment.subscriber), messages: 0, consumers: 0 },
    ]);
  });

  it('include the consumers of requests', async () => {
    @Controller()
    class Server {
      @MessagePattern<string>(environment.look.type)
      look() {}
    }
    const app = await environment.start(environment.subscriber, { controllers: [Server] });
    await eventually(async () => {
      const depth = { queue: requestQueue(environment.subscriber), messages: 0, consumers: 1 };
      expect(await depths.read()).toContainEqual(depth);
    });
    await environment.stop(app);
  });
});
