import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { Channel, ChannelModel, Message } from 'amqplib';
import { newId } from '#kernel/ids.js';
import { currentTrace } from '#observability/trace.js';
import { Transactions } from '#persistence/transaction.js';
import { eventually } from '../../../../test/support/eventually.js';
import { tcpProxy } from '../../../../test/support/servers/tcp-proxy.js';
import { testBrokerUrl, testBrokerUser } from '../../../../test/support/servers/test-broker.js';
import { type Counted, EventSubscriber, upTo } from '../../../../test/support/services/event-subscriber.js';
import type { MessagingEnvironment } from '../../../../test/support/services/messaging-environment.js';
import { Broker } from '../connection/broker.js';
import { eventsExchange, parkedQueue, routingKey, serviceQueue } from '../connection/topology.js';
import { encodeEnvelope } from '../envelope.js';
import { consumerLag } from '../metrics.js';
import { batchOf } from '../nest/batch-of.js';
import { newEvent, Outbox } from '../publishing/outbox.js';

let subscriber: EventSubscriber;
let environment: MessagingEnvironment;

beforeAll(async () => {
  subscriber = await EventSubscriber.create();
  environment = subscriber.environment;
});
afterAll(() => subscriber.close());
beforeEach(() => subscriber.reset());

describe('a batch of events', () => {
  it('is what has arrived, in order, and a single event is handled at once', async () => {
    subscriber.put(upTo(300));
    await eventually(async () => (await environment.depth(serviceQueue(environment.subscriber))) === 300);
    await subscriber.start();
    await subscriber.hasSeen(upTo(300));
    expect(await environment.seen()).toEqual(upTo(300));
    expect(subscriber.calls.length).toBeLessThan(30);
    subscriber.put([1000]);
    await subscriber.hasSeen([...upTo(300), 1000]);
    expect(subscriber.calls.at(-1)).toEqual([1000]);
    await subscriber.allAcknowledged();
  });

  it('counts every event in the lag', async () => {
    const handled = async () => {
      const { values } = await consumerLag.get();
      const ours = values.filter(({ labels }) => labels.service === environment.subscriber);
      return ours.find(({ metricName }) => metricName === 'messaging_consumer_lag_seconds_count')?.value ?? 0;
    };
    const before = await handled();
    subscriber.putPacked(upTo(20).map((value) => environment.envelope(value)));
    await subscriber.start();
    await eventually(async () => expect((await handled()) - before).toBe(20));
    expect(subscriber.calls).toEqual([upTo(20)]);
  });

  it('is handled once by one handler per type, and keeps the order of each subject', async () => {
    const subject = newId();
    const one = (value: number, type: string) => environment.envelope(value, { subject, type });
    environment.put(
      one(1, environment.happened.type),
      one(2, environment.alsoHappened.type),
      one(3, environment.happened.type),
    );
    await subscriber.start();
    await subscriber.hasSeen([1, 2, 3]);
    expect(await environment.seen()).toEqual([1, 2, 3]);
  });

  it('has its effect once, although messages are delivered twice', async () => {
    const repeated = environment.envelope(7);
    environment.put(repeated, repeated, environment.envelope(8), repeated);
    await subscriber.start();
    await subscriber.hasSeen([7, 8]);
    await subscriber.allAcknowledged();
    expect(await environment.seen()).toHaveLength(2);
  });

  it('runs in the trace of its message, and each event that follows names its own cause', async () => {
    const causes = [environment.envelope(1), environment.envelope(2)];
    const traces = new Set<string | undefined>();
    @Controller()
    class Republisher {
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
    await environment.start(environment.subscriber, { controllers: [Republisher] });
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

describe('an unavailable server', () => {
  it('delays the batch until it is back, and uses up no attempts', async () => {
    let outage = 3;
    subscriber.before = () => {
      if (outage-- > 0) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    };
    subscriber.put(upTo(5));
    await subscriber.start();
    await subscriber.hasSeen(upTo(5));
    expect(outage).toBeLessThan(0);
    await subscriber.allAcknowledged();
    expect(await environment.depth(parkedQueue(environment.subscriber))).toBe(0);
  });

  it('does not delay a shutdown: the batch returns to the queue', async () => {
    subscriber.before = () => {
      throw Object.assign(new Error('the database system is starting up'), { code: '57P03' });
    };
    subscriber.put([1]);
    const app = await subscriber.start();
    await eventually(() => subscriber.calls.length > 0);
    await environment.stop(app);
    // The quorum queue takes the message back some moments after the channel was closed.
    await eventually(async () => expect(await environment.depth(serviceQueue(environment.subscriber))).toBe(1));
  });
});

describe('the broker', () => {
  it('may cut the connection between commit and acknowledgement', async () => {
    const line = await tcpProxy(testBrokerUrl());
    let cuts = 1;
    subscriber.after = () => {
      if (cuts-- > 0) {
        line.cut();
        line.mend();
      }
    };
    subscriber.put(upTo(20));
    await subscriber.start({ amqpUrl: line.url });
    await subscriber.hasSeen(upTo(20));
    subscriber.put([100]);
    await subscriber.hasSeen([...upTo(20), 100]);
    await subscriber.allAcknowledged();
    expect(await environment.seen()).toHaveLength(21);
    await line.close();
  });

  it('may be unavailable for a while', async () => {
    const line = await tcpProxy(testBrokerUrl());
    await subscriber.start({ amqpUrl: line.url });
    line.cut();
    subscriber.put(upTo(3));
    line.mend();
    await subscriber.hasSeen(upTo(3));
    await subscriber.allAcknowledged();
    await line.close();
  });

  it('may lose the queue: it is declared again with its bindings', async () => {
    await subscriber.start();
    await environment.channel.deleteQueue(serviceQueue(environment.subscriber));
    await eventually(async () => {
      const { messageId, subject, type, ...rest } = environment.envelope(1);
      const content = encodeEnvelope({ messageId, subject, type, ...rest });
      const properties = { messageId, type, userId: testBrokerUser() };
      environment.channel.publish(eventsExchange, routingKey(type, subject), content, properties);
      return (await environment.seen()).length > 0;
    });
  });

  it('may close the channel over an error', async () => {
    const app = await subscriber.start();
    subscriber.put([1]);
    await subscriber.hasSeen([1]);
    const { consuming } = app.get(Broker);
    const model = (await consuming.whenConnected()) as ChannelModel & { connection: { channels: unknown[] } };
    const channels = model.connection.channels.filter((entry) => entry !== null).slice(1) as { channel: Channel }[];
    expect(channels.length).toBeGreaterThan(0);
    // An acknowledgement of a message that was never delivered: 406 PRECONDITION_FAILED.
    for (const { channel } of channels) channel.ack({ fields: { deliveryTag: 999_999 } } as Message);
    subscriber.put([2]);
    await subscriber.hasSeen([1, 2]);
  });
});

describe('a shutdown', () => {
  it('finishes what has arrived and acknowledges it', async () => {
    const entered = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    subscriber.before = async () => {
      entered.resolve();
      await release.promise;
    };
    subscriber.put([1]);
    const app = await subscriber.start();
    await entered.promise;
    const stopped = environment.stop(app);
    release.resolve();
    await stopped;
    expect(await environment.seen()).toEqual([1]);
    expect(await environment.depth(serviceQueue(environment.subscriber))).toBe(0);
  });
});
