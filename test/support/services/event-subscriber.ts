import { expect } from '@jest/globals';
import { Controller, type INestApplication } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { Broker } from '#messaging/connection/broker.js';
import { parkedQueue, serviceQueue } from '#messaging/connection/topology.js';
import { Inbox } from '#messaging/consuming/inbox.js';
import { cloudEventsBatchContentType, type Envelope, envelopeText, type StoredEvent } from '#messaging/envelope.js';
import { TransientFault } from '#messaging/faults.js';
import { batchOf } from '#messaging/nest/batch-of.js';
import { DeadLetters, type ParkedMessage } from '#messaging/parking/dead-letters.js';
import { eventsHeader } from '#messaging/publishing/packing.js';
import { Transactions } from '#persistence/transaction.js';
import { eventually } from '../eventually.js';
import { type TcpProxy, tcpProxy } from '../servers/tcp-proxy.js';
import { testBrokerUrl, testBrokerUser } from '../servers/test-broker.js';
import { MessagingEnvironment } from './messaging-environment.js';

export type Counted = Envelope<{ value: number }>;
type Hook = (batch: readonly Counted[]) => Promise<void> | void;
type StartSettings = Parameters<MessagingEnvironment['start']>[1];

/** `[0, 1, …, count - 1]` */
export const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** A hook that fails for every batch with `value` in it. */
export const failOn =
  (value: number, error: () => Error): Hook =>
  (batch) => {
    if (batch.some(({ data }) => data.value === value)) throw error();
  };

/** The subscriber of an environment: its handler stores each event once, in the table `seen`. */
export class EventSubscriber {
  /** The values of each call of the handler. */
  calls: number[][] = [];
  /** Runs in each call of the handler, before its effect. */
  before: Hook = () => {};
  /** Runs after the effect was committed. */
  after: Hook = () => {};

  private constructor(readonly environment: MessagingEnvironment) {}

  static async create(): Promise<EventSubscriber> {
    return new EventSubscriber(await MessagingEnvironment.create());
  }

  /** Stops every app and empties the queues and tables. */
  async reset(): Promise<void> {
    for (const app of [...this.environment.apps]) await this.environment.stop(app);
    this.before = this.after = () => {};
    // The first start declares the queues.
    await this.environment.stop(await this.start());
    await this.environment.purge();
    await this.environment.client.query('truncate seen, inbox, outbox');
    this.calls = [];
  }

  close(): Promise<void> {
    return this.environment.close();
  }

  start(settings: StartSettings = {}): Promise<INestApplication> {
    return this.environment.start(this.environment.subscriber, { controllers: [this.controller()], ...settings });
  }

  /** Puts one single message per value into the queue. */
  put(values: readonly number[]): void {
    this.environment.put(...values.map((value) => this.environment.envelope(value)));
  }

  /** Puts events into one message, as the relay packs them. */
  putPacked(events: readonly (StoredEvent | string)[]): void {
    const texts = events.map((event) => (typeof event === 'string' ? event : envelopeText(event)));
    const content = Buffer.from(`[${texts.join(',')}]`);
    this.environment.channel.sendToQueue(serviceQueue(this.environment.subscriber), content, {
      persistent: true,
      userId: testBrokerUser(),
      contentType: cloudEventsBatchContentType,
      headers: { [eventsHeader]: events.length },
    });
  }

  /** Waits until exactly `values`, in ascending order, were handled. */
  async hasSeen(values: readonly number[]): Promise<void> {
    await eventually(async () => expect((await this.environment.seen()).sort((a, b) => a - b)).toEqual(values));
  }

  /** Stops every app. An empty queue then means that every message was acknowledged. */
  async allAcknowledged(): Promise<void> {
    for (const app of [...this.environment.apps]) await this.environment.stop(app);
    expect(await this.environment.depth(serviceQueue(this.environment.subscriber))).toBe(0);
  }

  /** Waits until `count` messages are parked. */
  async parkedMessages(count: number): Promise<readonly ParkedMessage[]> {
    const { environment } = this;
    await eventually(async () => (await environment.depth(parkedQueue(environment.subscriber))) >= count);
    const ops = await environment.start(environment.publisher);
    const { items } = await ops.get(DeadLetters).list(environment.subscriber);
    await environment.stop(ops);
    return items;
  }

  /**
   * Starts a consumer that crashes at one value. A process that crashes loses its connections; for the broker it is the
   * same when they are cut before the acknowledgement.
   */
  async startCrashingOn(value: number): Promise<TcpProxy> {
    const line = await tcpProxy(testBrokerUrl());
    let broker: Broker | undefined;
    this.before = async (batch) => {
      if (!batch.some(({ data }) => data.value === value)) return;
      line.cut();
      await eventually(() => broker?.consuming.connected === false);
      line.mend();
      throw new TransientFault('as good as crashed');
    };
    const app = await this.start({ amqpUrl: line.url, crashesMax: 3 });
    broker = app.get(Broker);
    return line;
  }

  private controller() {
    const { environment } = this;
    const subscriber = this;

    @Controller()
    class Subscriber {
      constructor(
        private readonly transactions: Transactions,
        private readonly inbox: Inbox,
      ) {}

      @EventPattern<string>(environment.happened.type)
      async onHappened(@Payload(batchOf(environment.happened)) batch: Counted[]): Promise<void> {
        subscriber.calls.push(batch.map(({ data }) => data.value));
        await subscriber.before(batch);
        await this.transactions.run(async (tx) => {
          const fresh = await this.inbox.admit(tx, 'subscriber', batch);
          await tx.query('insert into seen (message_id, value) select * from unnest($1::uuid[], $2::int[])', [
            fresh.map(({ id }) => id),
            fresh.map(({ data }) => data.value),
          ]);
        });
        await subscriber.after(batch);
      }

      @EventPattern<string>(environment.alsoHappened.type)
      async onAlsoHappened(@Payload(batchOf(environment.alsoHappened)) batch: Counted[]): Promise<void> {
        await this.onHappened(batch);
      }
    }
    return Subscriber;
  }
}
