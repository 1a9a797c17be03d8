import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { GetMessage } from 'amqplib';
import fc from 'fast-check';
import pg from 'pg';
import type { Service } from '#contracts/contract.js';
import { BrokenInvariant } from '#kernel/assert.js';
import { newId } from '#kernel/ids.js';
import { newTrace, runWithTrace } from '#observability/trace.js';
import { Transactions } from '#persistence/transaction.js';
import { eventually } from '../../../../test/support/eventually.js';
import { type TcpProxy, tcpProxy } from '../../../../test/support/servers/tcp-proxy.js';
import { testBrokerUrl } from '../../../../test/support/servers/test-broker.js';
import { MessagingEnvironment } from '../../../../test/support/services/messaging-environment.js';
import { BrokerConnection } from '../connection/connection.js';
import {
  declareEverything,
  eventsExchange,
  routingKey,
  serviceQueue,
  unroutableQueue,
} from '../connection/topology.js';
import { decodeEnvelope, type Envelope, readEnvelope } from '../envelope.js';
import { MessagingOptions, type MessagingSettings } from '../messaging.options.js';
import { relayWorking } from '../metrics.js';
import { newEvent, Outbox } from './outbox.js';
import { unpack } from './packing.js';
import { Relay } from './relay.js';

let environment: MessagingEnvironment;
const running: { relay: Relay; connection: BrokerConnection }[] = [];

beforeAll(async () => {
  Logger.overrideLogger(false);
  environment = await MessagingEnvironment.create();
  await declareEverything(environment.channel, environment.catalogue);
});
afterAll(() => environment.close());
beforeEach(async () => {
  await environment.client.query('truncate outbox');
  await environment.channel.purgeQueue(serviceQueue(environment.subscriber));
});
afterEach(async () => {
  for (const { relay } of [...running]) await stop(relay);
});

async function start(settings: Partial<MessagingSettings> = {}): Promise<Relay> {
  const options = new MessagingOptions({
    ...environment.settings(environment.publisher),
    databaseUrl: environment.database.url,
    ...settings,
  });
  const connection = new BrokerConnection(options.amqpUrl, 'relay under test');
  await connection.open();
  const relay = new Relay(connection, options);
  relay.start();
  running.push({ relay, connection });
  return relay;
}

async function stop(relay: Relay): Promise<void> {
  const position = running.findIndex((entry) => entry.relay === relay);
  const [entry] = running.splice(position, 1);
  await relay.stop();
  await entry?.connection.close();
}

async function publishedValues(count: number): Promise<number[]> {
  const events: Envelope[] = [];
  await eventually(async () => {
    // Receiving from a queue that does not exist yet would close the channel.
    if ((await environment.depth(serviceQueue(environment.subscriber))) === 0) return false;
    return events.push(...(await environment.takeEvents(serviceQueue(environment.subscriber)))) >= count;
  });
  return events.map(({ data }) => (data as { value: number }).value);
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('an event in the outbox', () => {
  it('is published as a CloudEvents envelope, with the ids of its cause', async () => {
    const outbox = new Outbox(new MessagingOptions(environment.settings(environment.publisher)));
    const app = await environment.start(environment.publisher);
    const subject = newId();
    const trace = newTrace();
    const cause = { id: newId(), correlationId: newId(), traceparent: undefined };
    await app
      .get(Transactions)
      .run((tx) =>
        runWithTrace(trace, () =>
          outbox.add(tx, [
            newEvent(environment.happened, { subject, data: { value: 1 } }),
            newEvent(environment.alsoHappened, { subject, data: { value: 2 }, cause }),
          ]),
        ),
      );
    await start();
    await eventually(async () => (await environment.depth(serviceQueue(environment.subscriber))) === 2);
    const [first, second] = await environment.take(serviceQueue(environment.subscriber));
    expect(first?.properties).toMatchObject({ deliveryMode: 2, type: environment.happened.type });
    expect(first?.fields.routingKey).toBe(routingKey(environment.happened.type, subject));
    expect(JSON.parse(first?.content.toString() ?? '')).toMatchObject({
      specversion: '1.0',
      id: first?.properties.messageId,
      source: environment.publisher,
      type: environment.happened.type,
      subject,
      datacontenttype: 'application/json',
      traceparent: trace.traceparent,
      correlationid: trace.correlationId,
      data: { value: 1 },
    });
    const { correlationId, causationId } = decodeEnvelope(second?.content ?? Buffer.alloc(0));
    expect({ correlationId, causationId }).toEqual({ correlationId: cause.correlationId, causationId: cause.id });
    await environment.stop(app);
  });

  it('is not stored when its transaction is rolled back, or when another service publishes its type', async () => {
    const app = await environment.start(environment.publisher);
    const outbox = app.get(Outbox);
    const transactions = app.get(Transactions);
    const given = newEvent(environment.happened, { subject: newId(), data: { value: 1 } });
    const failing = transactions.run(async (tx) => {
      await outbox.add(tx, [given]);
      throw new Error('changed its mind');
    });
    await expect(failing).rejects.toThrow('changed its mind');
    const foreign = { ...given, contract: { ...given.contract, producer: environment.subscriber } };
    await expect(transactions.run((tx) => outbox.add(tx, [foreign]))).rejects.toThrow(BrokenInvariant);
    expect(() =>
      newEvent(environment.happened, { subject: newId(), data: { value: 'one' as unknown as number } }),
    ).toThrow();
    expect(await environment.unpublished()).toBe(0);
    await environment.stop(app);
  });

  it('waits for a consumer that has never run', async () => {
    await environment.channel.deleteQueue(serviceQueue(environment.subscriber));
    await environment.commitEvents([1]);
    await start();
    expect(await publishedValues(1)).toEqual([1]);
  });

  it('goes to the unroutable queue when it has no contract, and delays no other event', async () => {
    await environment.channel.purgeQueue(unroutableQueue);
    const type = `${environment.publisher}.undeclared.v1`;
    await environment.commitEvents([1], { type });
    await environment.commitEvents([2]);
    await start();
    expect(await publishedValues(1)).toEqual([2]);
    const unroutable = await environment.take(unroutableQueue);
    expect(unroutable.map(({ content }) => decodeEnvelope(content).type)).toEqual([type]);
  });

  it('is published without subscribers, for live streams', async () => {
    const { queue } = await environment.channel.assertQueue('', { exclusive: true });
    await environment.channel.bindQueue(queue, eventsExchange, routingKey(environment.withoutSubscribers.type, '#'));
    await environment.commitEvents([1], { type: environment.withoutSubscribers.type });
    await start();
    await eventually(async () => (await environment.take(queue)).length === 1);
    await eventually(async () => (await environment.unpublished()) === 0);
  });
});

describe('the relay', () => {
  it('packs neighbours of one type into one message, in their order', async () => {
    await environment.commitEvents(upTo(250));
    await environment.commitEvents([250], { type: environment.alsoHappened.type });
    await environment.commitEvents([251]);
    await start();
    const messages: GetMessage[] = [];
    await eventually(async () => messages.push(...(await environment.take(serviceQueue(environment.subscriber)))) >= 5);
    expect(messages.map((message) => unpack(message).length)).toEqual([100, 100, 50, 1, 1]);
    expect(messages.map(({ properties }) => properties.headers?.events)).toEqual([100, 100, 50, undefined, undefined]);
    const events = messages.flatMap((message) => unpack(message).map(({ event }) => readEnvelope(event)));
    expect(events.map(({ data }) => (data as { value: number }).value)).toEqual(upTo(252));
  });

  it('keeps the order over many windows', async () => {
    await environment.commitEvents(upTo(1_000));
    await start({ windowMax: 64 });
    expect(await publishedValues(1_000)).toEqual(upTo(1_000));
    expect(await environment.unpublished()).toBe(0);
  });

  it('is woken by a commit and does not wait for its poll', async () => {
    const relay = await start({ pollMs: 3_600_000 });
    await eventually(() => relay.isWorking);
    for (const value of upTo(5)) {
      await environment.commitEvents([value]);
      expect(await publishedValues(1)).toEqual([value]);
    }
  });

  it('publishes returned events again, after it has declared the missing queue', async () => {
    const relay = await start();
    await eventually(() => relay.isWorking);
    await environment.commitEvents([1]);
    expect(await publishedValues(1)).toEqual([1]);
    await environment.channel.deleteQueue(serviceQueue(environment.subscriber));
    await environment.commitEvents([2, 3]);
    // While the queue is missing, a check of its depth would close the channel.
    await eventually(async () => (await environment.unpublished()) === 0);
    expect(await publishedValues(2)).toEqual([2, 3]);
  });

  it('works in one instance at a time, and another takes over', async () => {
    const [first, second] = [await start(), await start()];
    await eventually(() => first.isWorking || second.isWorking);
    await environment.commitEvents([1]);
    await eventually(async () => (await environment.unpublished()) === 0);
    expect(first.isWorking).not.toBe(second.isWorking);
    await stop(first.isWorking ? first : second);
    await environment.commitEvents([2]);
    expect(await publishedValues(2)).toEqual([1, 2]);
  });

  it('reports from the start whether it works, without a database too', async () => {
    const service = 'without-database' as Service;
    const catalogue = { ...environment.catalogue, events: [] };
    await start({ service, catalogue, databaseUrl: 'postgresql://127.0.0.1:1/nowhere' });
    expect((await relayWorking.get()).values).toContainEqual({ labels: { service }, value: 0 });
  });

  it('continues after its database session was killed', async () => {
    const relay = await start();
    await eventually(() => relay.isWorking);
    await environment.client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name like $1 and datname = $2`,
      ['%relay', environment.database.name],
    );
    await environment.commitEvents([1]);
    expect(await publishedValues(1)).toEqual([1]);
  });

  it('is replaced when its machine is lost without a FIN', async () => {
    const line = await tcpProxy(environment.database.url);
    const first = await start({ databaseUrl: line.url, silenceMs: 2_000 });
    await eventually(() => first.isWorking);
    const second = await start();
    line.hang();
    await environment.commitEvents([1, 2]);
    expect([...new Set(await publishedValues(2))]).toEqual([1, 2]);
    expect(second.isWorking).toBe(true);
    line.cut();
    await stop(first);
    await line.close();
  });

  it('loses nothing while the broker is unavailable, and publishes in order afterwards', async () => {
    const line = await tcpProxy(testBrokerUrl());
    const relay = await start({ amqpUrl: line.url, windowMax: 10 });
    await eventually(() => relay.isWorking);
    line.cut();
    await environment.commitEvents(upTo(50));
    line.mend();
    await eventually(async () => (await environment.unpublished()) === 0);
    expect([...new Set(await publishedValues(50))]).toEqual(upTo(50));
    await stop(relay);
    await line.close();
  });

  it('publishes a window again when its confirms do not arrive', async () => {
    const line = await tcpProxy(testBrokerUrl());
    const relay = await start({ amqpUrl: line.url, confirmTimeoutMs: 200 });
    await eventually(() => relay.isWorking);
    line.hang();
    await environment.commitEvents([1, 2]);
    await sleep(600);
    expect(await environment.unpublished()).toBe(2);
    line.mend();
    await eventually(async () => (await environment.unpublished()) === 0);
    expect([...new Set(await publishedValues(2))]).toEqual([1, 2]);
    await stop(relay);
    await line.close();
  });

  it('finishes its window when it stops', async () => {
    await environment.commitEvents(upTo(300));
    const relay = await start({ windowMax: 100 });
    await eventually(() => relay.isWorking);
    await stop(relay);
    const left = await environment.unpublished();
    expect(left % 100).toBe(0);
    expect(await environment.takeEvents(serviceQueue(environment.subscriber))).toHaveLength(300 - left);
  });
});

/** What happens to the relays while writers write. */
type Disturbance = 'restart' | 'kill session' | 'cut line' | 'second relay' | 'pause';

describe('relays under disturbances', () => {
  it('publish every event, and those of one subject in the order of their commits', async () => {
    const disturbances = fc.array(
      fc.constantFrom<Disturbance>('restart', 'kill session', 'cut line', 'second relay', 'pause'),
      { minLength: 3, maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(disturbances, fc.integer({ min: 1, max: 50 }), async (disturbed, windowMax) => {
        await environment.channel.purgeQueue(serviceQueue(environment.subscriber));
        const line = await tcpProxy(testBrokerUrl());
        const writing = write({ writers: 4, subjects: 3, events: 60 });
        let relay = await start({ amqpUrl: line.url, windowMax });
        for (const disturbance of disturbed) relay = await disturb(disturbance, relay, line, windowMax);
        const written = await writing;
        await eventually(async () => (await environment.unpublished()) === 0);
        expect(await published()).toEqual(written);
        for (const entry of [...running]) await stop(entry.relay);
        await line.close();
      }),
      { numRuns: 6 },
    );
  }, 120_000);

  async function disturb(disturbance: Disturbance, relay: Relay, line: TcpProxy, windowMax: number): Promise<Relay> {
    await sleep(20);
    switch (disturbance) {
      case 'restart':
        await stop(relay);
        return start({ amqpUrl: line.url, windowMax });
      case 'kill session':
        await environment.client.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where application_name like '%relay' and datname = $1`,
          [environment.database.name],
        );
        return relay;
      case 'cut line':
        line.cut();
        line.mend();
        return relay;
      case 'second relay':
        return start({ amqpUrl: line.url, windowMax });
      case 'pause':
        return relay;
    }
  }

  /** Concurrent transactions that take the lock of a subject, and then add its next value to the outbox. */
  async function write({ writers, subjects, events }: Record<'writers' | 'subjects' | 'events', number>) {
    const names = Array.from({ length: subjects }, () => newId());
    const counters = new Map(names.map((name) => [name, 0]));
    const pool = new pg.Pool({ connectionString: environment.database.url, max: writers });
    const writeOne = async (index: number) => {
      const subject = names[index % subjects] as string;
      const client = await pool.connect();
      await client.query('begin');
      await client.query('select pg_advisory_xact_lock(hashtext($1))', [subject]);
      const value = (counters.get(subject) ?? 0) + 1;
      counters.set(subject, value);
      await client.query('insert into outbox (type, subject, data) values ($1, $2, $3)', [
        environment.happened.type,
        subject,
        { value },
      ]);
      if (index % 3 === 0) await sleep(5);
      await client.query('commit');
      client.release();
    };
    await Promise.all(
      Array.from({ length: writers }, async (_, writer) => {
        for (let index = writer; index < events; index += writers) await writeOne(index);
      }),
    );
    await pool.end();
    return new Map([...counters].sort().map(([subject, last]) => [subject, upTo(last).map((value) => value + 1)]));
  }

  /** By subject, the values in the order in which they were published first. */
  async function published(): Promise<Map<string, number[]>> {
    const bySubject = new Map<string, Set<number>>();
    for (const { subject, data } of await environment.takeEvents(serviceQueue(environment.subscriber))) {
      bySubject.set(subject, (bySubject.get(subject) ?? new Set()).add((data as { value: number }).value));
    }
    return new Map([...bySubject].sort().map(([subject, values]) => [subject, [...values]]));
  }
});
