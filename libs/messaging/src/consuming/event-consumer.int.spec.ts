import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Controller, Logger } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { Channel, ChannelModel, Message } from 'amqplib';
import { newId } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import { currentTrace } from '#observability/trace.js';
import { Transactions } from '#persistence/transaction.js';
import { eventually } from '../../../../test/support/eventually.js';
import { type TcpProxy, tcpProxy } from '../../../../test/support/servers/tcp-proxy.js';
import { testBrokerUrl } from '../../../../test/support/servers/test-broker.js';
import { MessagingEnvironment } from '../../../../test/support/services/messaging-environment.js';
import { Broker } from '../connection/broker.js';
import { eventsExchange, parkedQueue, retryQueue, routingKey, serviceQueue } from '../connection/topology.js';
import {
  cloudEventsBatchContentType,
  type Envelope,
  encodeEnvelope,
  envelopeText,
  type StoredEvent,
} from '../envelope.js';
import { TransientFault } from '../faults.js';
import { consumerLag } from '../metrics.js';
import { batchOf } from '../nest/batch-of.js';
import { DeadLetters, type ParkedMessage } from '../parking/dead-letters.js';
import { newEvent, Outbox } from '../publishing/outbox.js';
import { eventsHeader } from '../publishing/packing.js';
import { Inbox } from './inbox.js';

type Counted = Envelope<{ value: number }>;

let environment: MessagingEnvironment;
/** The values of each call of the handler. */
let calls: number[][];
/** Runs in each call of the handler, before its effect. */
let before: (batch: readonly Counted[]) => Promise<void> | void;
/** Runs after the effect was committed. */
let after: (batch: readonly Counted[]) => Promise<void> | void;

beforeAll(async () => {
  environment = await MessagingEnvironment.create();
});
afterAll(() => environment.close());
beforeEach(async () => {
  for (const app of [...environment.apps]) await environment.stop(app);
  before = after = () => {};
  // The queues exist from the first start on.
  await environment.stop(await start());
  await environment.purge();
  await environment.client.query('truncate seen, inbox, outbox');
  calls = [];
});

/** Writes what it hears into `seen`, once each. */
function hearing() {
  @Controller()
  class Hearing {
    constructor(
      private readonly transactions: Transactions,
      private readonly inbox: Inbox,
    ) {}

    @EventPattern<string>(environment.happened.type)
    async onHappened(@Payload(batchOf(environment.happened)) batch: Counted[]): Promise<void> {
      calls.push(batch.map(({ data }) => data.value));
      await before(batch);
      await this.transactions.run(async (tx) => {
        const fresh = await this.inbox.admit(tx, 'hearing', batch);
        await tx.query('insert into seen (message_id, value) select * from unnest($1::uuid[], $2::int[])', [
          fresh.map(({ id }) => id),
          fresh.map(({ data }) => data.value),
        ]);
      });
      await after(batch);
    }

    @EventPattern<string>(environment.alsoHappened.type)
    async onAlsoHappened(@Payload(batchOf(environment.alsoHappened)) batch: Counted[]): Promise<void> {
      await this.onHappened(batch);
    }
  }
  return Hearing;
}

function start(settings: Parameters<MessagingEnvironment['start']>[1] = {}) {
  return environment.start(environment.subscriber, { controllers: [hearing()], ...settings });
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

function put(values: readonly number[]): void {
  environment.put(...values.map((value) => environment.envelope(value)));
}

async function hasSeen(values: readonly number[]): Promise<void> {
  await eventually(async () => expect((await environment.seen()).sort((a, b) => a - b)).toEqual(values));
}

/** Nothing is waiting, nothing is being handled: what is not there now was acknowledged. */
async function allAcknowledged(): Promise<void> {
  for (const app of [...environment.apps]) await environment.stop(app);
  expect(await environment.depth(serviceQueue(environment.subscriber))).toBe(0);
}

async function parkedMessages(count: number): Promise<readonly ParkedMessage[]> {
  await eventually(async () => (await environment.depth(parkedQueue(environment.subscriber))) >= count);
  const ops = await environment.start(environment.publisher);
  const { items } = await ops.get(DeadLetters).list(environment.subscriber);
  await environment.stop(ops);
  return items;
}

/** Whether `value` is in the batch; then it fails as told. */
const failOn = (value: number, error: () => Error) => (batch: readonly Counted[]) => {
  if (batch.some(({ data }) => data.value === value)) throw error();
};

/**
 * Starts a consumer that dies of one value. A process that dies takes its connections along; cutting them before the
 * acknowledgement is the same to the broker.
 */
async function startDyingOf(value: number): Promise<TcpProxy> {
  const line = await tcpProxy(testBrokerUrl());
  let broker: Broker | undefined;
  before = async (batch) => {
    if (!batch.some(({ data }) => data.value === value)) return;
    line.cut();
    await eventually(() => broker?.consuming.connected === false);
    line.mend();
    throw new TransientFault('as good as dead');
  };
  const app = await start({ amqpUrl: line.url, crashesMax: 3 });
  broker = app.get(Broker);
  return line;
}

/** Puts events into one message, as the relay packs them. */
function putPacked(events: readonly (StoredEvent | string)[]): void {
  const texts = events.map((event) => (typeof event === 'string' ? event : envelopeText(event)));
  environment.channel.sendToQueue(serviceQueue(environment.subscriber), Buffer.from(`[${texts.join(',')}]`), {
    persistent: true,
    contentType: cloudEventsBatchContentType,
    headers: { [eventsHeader]: events.length },
  });
}

describe('events that travelled together', () => {
  it('are handled as if each had come by itself', async () => {
    putPacked(upTo(5).map((value) => environment.envelope(value)));
    put([5]);
    await start();
    await hasSeen(upTo(6));
    await allAcknowledged();
  });

  it('are never more in a call than a batch may hold, unless one message carries more', async () => {
    for (const from of [0, 4, 8]) putPacked(upTo(4).map((value) => environment.envelope(from + value)));
    await start({ batchMax: 6 });
    await hasSeen(upTo(12));
    expect(calls.map(({ length }) => length)).toEqual([4, 4, 4]);
  });

  it('are parked or tried again one by one, as the envelopes that they were', async () => {
    const bad = environment.envelope(2);
    const misshapen = environment.envelope('no number');
    before = failOn(2, () => new TypeError('cannot read two'));
    putPacked([environment.envelope(1), bad, misshapen, '{"specversion":"1.0"}', environment.envelope(3)]);
    await start();
    await hasSeen([1, 3]);
    const parked = await parkedMessages(3);
    expect(parked.map(({ reason }) => reason).sort()).toEqual(['bug', 'malformed', 'unparsable']);
    const bug = parked.find(({ reason }) => reason === 'bug');
    expect(bug).toMatchObject({ messageId: bad.messageId, subject: bad.subject });
    expect(JSON.parse(bug?.body ?? '')).toEqual(JSON.parse(envelopeText(bad)));
  });

  it('part when one of them kills the process: the others are handled, and only that one is parked', async () => {
    const line = await startDyingOf(1);
    putPacked(upTo(3).map((value) => environment.envelope(value)));
    const [parked] = await parkedMessages(1);
    expect(parked?.reason).toBe('crashes-its-consumer');
    expect(JSON.parse(parked?.body ?? '').data).toEqual({ value: 1 });
    await hasSeen([0, 2]);
    await line.close();
  });

  it('that are none are parked', async () => {
    putPacked([]);
    await start();
    expect((await parkedMessages(1)).map(({ reason }) => reason)).toEqual(['unparsable']);
  });
});

describe('a batch of events', () => {
  it('is what has arrived, in order, and a lone event goes at once', async () => {
    put(upTo(300));
    await eventually(async () => (await environment.depth(serviceQueue(environment.subscriber))) === 300);
    await start();
    await hasSeen(upTo(300));
    expect(await environment.seen()).toEqual(upTo(300));
    expect(calls.length).toBeLessThan(30);
    put([1000]);
    await hasSeen([...upTo(300), 1000]);
    expect(calls.at(-1)).toEqual([1000]);
    await allAcknowledged();
  });

  it('counts in the lag as so many events', async () => {
    const handled = async () => {
      const { values } = await consumerLag.get();
      const ours = values.filter(({ labels }) => labels.service === environment.subscriber);
      return ours.find(({ metricName }) => metricName === 'messaging_consumer_lag_seconds_count')?.value ?? 0;
    };
    const before = await handled();
    putPacked(upTo(20).map((value) => environment.envelope(value)));
    await start();
    await eventually(async () => expect((await handled()) - before).toBe(20));
    expect(calls).toEqual([upTo(20)]);
  });

  it('is handled once by one handler per type, and keeps the order of each subject', async () => {
    const subject = newId();
    const one = (value: number, type: string) => environment.envelope(value, { subject, type });
    environment.put(
      one(1, environment.happened.type),
      one(2, environment.alsoHappened.type),
      one(3, environment.happened.type),
    );
    await start();
    await hasSeen([1, 2, 3]);
    expect(await environment.seen()).toEqual([1, 2, 3]);
  });

  it('has its effect once, whatever is delivered twice', async () => {
    const repeated = environment.envelope(7);
    environment.put(repeated, repeated, environment.envelope(8), repeated);
    await start();
    await hasSeen([7, 8]);
    await allAcknowledged();
    expect(await environment.seen()).toHaveLength(2);
  });

  it('runs in the trace of its message, and each event it leads to names its own cause', async () => {
    const causes = [environment.envelope(1), environment.envelope(2)];
    const traces = new Set<string | undefined>();
    @Controller()
    class Retelling {
      constructor(
        private readonly transactions: Transactions,
        private readonly outbox: Outbox,
      ) {}

      @EventPattern<string>(environment.happened.type)
      onHappened(@Payload(batchOf(environment.happened)) batch: Counted[]): Promise<void> {
        traces.add(currentTrace()?.correlationId);
        return this.transactions.run((tx) =>
          this.outbox.add(
            tx,
            batch.map((cause) =>
              newEvent(
                { ...environment.withoutSubscribers, producer: environment.subscriber },
                { subject: cause.subject, data: cause.data, cause },
              ),
            ),
          ),
        );
      }
    }
    environment.put(...causes);
    await environment.start(environment.subscriber, { controllers: [Retelling] });
    const rows = await eventually(async () => {
      const found = await environment.client.query('select correlation_id, causation_id from outbox order by id');
      return found.rowCount === 2 && found.rows;
    });
    expect(rows).toEqual(
      causes.map((cause) => ({ correlation_id: cause.correlationId, causation_id: cause.messageId })),
    );
    expect(traces).toContain(causes[0]?.correlationId);
  });
});

describe('a poisoned message', () => {
  it('is parked with the reason, and its neighbours are handled', async () => {
    before = failOn(5, () => new TypeError('cannot read five'));
    put(upTo(10));
    await start();
    await hasSeen(upTo(10).filter((value) => value !== 5));
    const [parked] = await parkedMessages(1);
    expect(parked).toMatchObject({ reason: 'bug', type: environment.happened.type, attempts: 0 });
    expect(parked?.detail).toContain('TypeError: cannot read five');
    expect(JSON.parse(parked?.body ?? '').data).toEqual({ value: 5 });
    await allAcknowledged();
  });

  it('is parked as refused, with the code, when the handler refuses it', async () => {
    before = failOn(1, () => new Refusal('ORDER_GONE', 'The order is gone.'));
    put([1, 2]);
    await start();
    await hasSeen([2]);
    const detail = expect.stringMatching(/^ORDER_GONE: The order is gone\./);
    expect(await parkedMessages(1)).toMatchObject([{ reason: 'refused', detail }]);
  });

  it('is parked when it cannot be read, is unknown, too new or does not fit its contract', async () => {
    environment.put(
      environment.envelope(1),
      Buffer.from('{"specversion": "1.0", '),
      Buffer.from('{"hello": "environment"}'),
      environment.envelope(2, { type: `${environment.publisher}.never-heard-of.v1` }),
      environment.envelope(3, { type: environment.happened.type.replace('.v1', '.v2') }),
      environment.envelope('four'),
      environment.envelope(5),
    );
    await start();
    await hasSeen([1, 5]);
    const reasons = (await parkedMessages(5)).map(({ reason }) => reason);
    expect(reasons.sort()).toEqual(['malformed', 'too-new-version', 'unknown-type', 'unparsable', 'unparsable']);
    // The misshapen one did not make its neighbours go one by one.
    expect(calls.flat()).toHaveLength(2);
  });

  it('is told of in the trace that it carries, unknown or too new as it may be', async () => {
    const correlations: unknown[] = [];
    const said = jest
      .spyOn(Logger.prototype, 'error')
      .mockImplementation(() => void correlations.push(currentTrace()?.correlationId));
    const unknown = environment.envelope(1, { type: `${environment.publisher}.never-heard-of.v1` });
    const tooNew = environment.envelope(2, { type: environment.happened.type.replace('.v1', '.v2') });
    try {
      environment.put(unknown, tooNew);
      await start();
      await parkedMessages(2);
      expect(correlations).toEqual([unknown.correlationId, tooNew.correlationId]);
    } finally {
      said.mockRestore();
    }
  });

  it('that kills its consumer is parked after a few deaths, and its neighbours are handled', async () => {
    const line = await startDyingOf(3);
    put(upTo(8));
    const parked = await parkedMessages(1);
    expect(parked).toMatchObject([{ reason: 'crashes-its-consumer' }]);
    expect(JSON.parse(parked[0]?.body ?? '').data).toEqual({ value: 3 });
    await hasSeen(upTo(8).filter((value) => value !== 3));
    await allAcknowledged();
    await line.close();
  });
});

describe('a transient fault', () => {
  it('costs a pause, and only for the message that met it', async () => {
    let failures = 2;
    before = (batch) => {
      if (batch.some(({ data }) => data.value === 1) && failures-- > 0) throw new TransientFault('lost a race');
    };
    put([1, 2]);
    await start();
    await hasSeen([1, 2]);
    await allAcknowledged();
    expect(await environment.depth(parkedQueue(environment.subscriber))).toBe(0);
  });

  it('that does not pass is parked after the last attempt', async () => {
    before = failOn(1, () => Object.assign(new Error('deadlock detected'), { code: '40P01' }));
    put([1, 2]);
    await start();
    await hasSeen([2]);
    const [parked] = await parkedMessages(1);
    expect(parked).toMatchObject({ reason: 'retries-exhausted', attempts: 2 });
    expect(calls.filter((values) => values.length === 1 && values[0] === 1)).toHaveLength(3);
    expect(await environment.depth(retryQueue(environment.subscriber, 1))).toBe(0);
  });
});

describe('a server that is away', () => {
  it('holds the batch until it is back, without burning attempts', async () => {
    let outage = 3;
    before = () => {
      if (outage-- > 0) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    };
    put(upTo(5));
    await start();
    await hasSeen(upTo(5));
    expect(outage).toBeLessThan(0);
    await allAcknowledged();
    expect(await environment.depth(parkedQueue(environment.subscriber))).toBe(0);
  });

  it('does not hold up a shutdown: the batch goes back to the queue', async () => {
    before = () => {
      throw Object.assign(new Error('the database system is starting up'), { code: '57P03' });
    };
    put([1]);
    const app = await start();
    await eventually(() => calls.length > 0);
    await environment.stop(app);
    expect(await environment.depth(serviceQueue(environment.subscriber))).toBe(1);
  });
});

describe('the broker', () => {
  it('may cut the connection between commit and acknowledgement', async () => {
    const line = await tcpProxy(testBrokerUrl());
    let cuts = 1;
    after = () => {
      if (cuts-- > 0) {
        line.cut();
        line.mend();
      }
    };
    put(upTo(20));
    await start({ amqpUrl: line.url });
    await hasSeen(upTo(20));
    put([100]);
    await hasSeen([...upTo(20), 100]);
    await allAcknowledged();
    expect(await environment.seen()).toHaveLength(21);
    await line.close();
  });

  it('may be away for a while and come back', async () => {
    const line = await tcpProxy(testBrokerUrl());
    await start({ amqpUrl: line.url });
    line.cut();
    put(upTo(3));
    line.mend();
    await hasSeen(upTo(3));
    await allAcknowledged();
    await line.close();
  });

  it('may lose the queue: it is made again, bindings and all', async () => {
    await start();
    await environment.channel.deleteQueue(serviceQueue(environment.subscriber));
    await eventually(async () => {
      const { messageId, subject, type, ...rest } = environment.envelope(1);
      const content = encodeEnvelope({ messageId, subject, type, ...rest });
      environment.channel.publish(eventsExchange, routingKey(type, subject), content, { messageId, type });
      return (await environment.seen()).length > 0;
    });
  });

  it('may close the channel over an error', async () => {
    const app = await start();
    put([1]);
    await hasSeen([1]);
    const { consuming } = app.get(Broker);
    const model = (await consuming.whenConnected()) as ChannelModel & { connection: { channels: unknown[] } };
    const ours = model.connection.channels.filter((entry) => entry !== null).slice(1) as { channel: Channel }[];
    expect(ours.length).toBeGreaterThan(0);
    // An acknowledgement of what was never delivered: 406 PRECONDITION_FAILED.
    for (const { channel } of ours) channel.ack({ fields: { deliveryTag: 999_999 } } as Message);
    put([2]);
    await hasSeen([1, 2]);
  });
});

describe('a shutdown', () => {
  it('finishes what has arrived and acknowledges it', async () => {
    const entered = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    before = async () => {
      entered.resolve();
      await release.promise;
    };
    put([1]);
    const app = await start();
    await entered.promise;
    const stopped = environment.stop(app);
    release.resolve();
    await stopped;
    expect(await environment.seen()).toEqual([1]);
    expect(await environment.depth(serviceQueue(environment.subscriber))).toBe(0);
  });
});
