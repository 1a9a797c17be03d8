import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { INestApplication, Type } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import amqp, { type Channel, type ChannelModel, type GetMessage } from 'amqplib';
import pg from 'pg';
import { z } from 'zod';
import { command, event, query, type Service } from '#contracts/contract.js';
import { newId } from '#kernel/ids.js';
import { parkedQueue, requestQueue, retryQueue, serviceQueue } from '#messaging/connection/topology.js';
import {
  cloudEventsContentType,
  type Envelope,
  encodeEnvelope,
  readEnvelope,
  type StoredEvent,
} from '#messaging/envelope.js';
import type { MessagingSettings } from '#messaging/messaging.options.js';
import { MessagingModule } from '#messaging/nest/messaging.module.js';
import { listenForMessages } from '#messaging/nest/rabbit-server.js';
import { unpack } from '#messaging/publishing/packing.js';
import { DatabaseModule } from '#persistence/database.js';
import { depthOf } from '../../../tools/stack/queue-depth.ts';
import { testBrokerUrl, testBrokerUser } from '../servers/test-broker.js';
import { type TestDatabase, testDatabase } from '../servers/test-database.js';

export const counted = z.object({ value: z.int() });

/**
 * Two services of one suite, a `publisher` and a `subscriber`, with a few contracts and a database with the tables of
 * messaging. Their names are random: suites that share a broker do not receive each other's messages.
 */
export class MessagingEnvironment {
  readonly apps: INestApplication[] = [];
  readonly publisher: Service;
  readonly subscriber: Service;
  readonly happened;
  readonly alsoHappened;
  readonly withoutSubscribers;
  readonly change;
  readonly look;

  private constructor(
    readonly database: TestDatabase,
    readonly client: pg.Client,
    readonly connection: ChannelModel,
    readonly channel: Channel,
  ) {
    const suffix = randomBytes(3).toString('hex');
    this.publisher = `publisher${suffix}` as Service;
    this.subscriber = `subscriber${suffix}` as Service;
    const published = { producer: this.publisher, consumers: [this.subscriber], about: 'For tests.', data: counted };
    this.happened = event({ ...published, type: `${this.publisher}.happened.v1` });
    this.alsoHappened = event({ ...published, type: `${this.publisher}.also-happened.v1` });
    this.withoutSubscribers = event({ ...published, type: `${this.publisher}.unsubscribed.v1`, consumers: [] });
    const requested = {
      service: this.subscriber,
      about: 'For tests.',
      request: counted,
      response: z.object({ seen: z.int() }),
    };
    this.change = command({ ...requested, type: `${this.subscriber}.change.v1` });
    this.look = query({ ...requested, type: `${this.subscriber}.look.v1` });
  }

  static async create(): Promise<MessagingEnvironment> {
    const database = await testDatabase(async (url) => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query(await readFile(join(import.meta.dirname, '../database/messaging-tables.sql'), 'utf8'));
      await client.query(
        'create table seen (position bigint generated always as identity, message_id uuid, value int)',
      );
      await client.end();
    });
    const client = new pg.Client({ connectionString: database.url });
    client.on('error', () => {}); // the drop cuts it off
    await client.connect();
    const connection = await amqp.connect(testBrokerUrl());
    return new MessagingEnvironment(database, client, connection, await connection.createChannel());
  }

  get catalogue() {
    return { events: [this.happened, this.alsoHappened, this.withoutSubscribers], requests: [this.change, this.look] };
  }

  settings(service: Service, settings: Partial<MessagingSettings> = {}): MessagingSettings {
    return {
      service,
      amqpUrl: testBrokerUrl(),
      catalogue: this.catalogue,
      retryDelaysMs: [20, 40],
      pollMs: 500,
      confirmTimeoutMs: 2_000,
      ...settings,
    };
  }

  /** Starts an app whose controllers receive messages. */
  async start(
    service: Service,
    { controllers = [], ...settings }: Partial<MessagingSettings> & { controllers?: Type[] } = {},
  ): Promise<INestApplication> {
    const module = await Test.createTestingModule({
      imports: [
        DatabaseModule.forService({ url: this.database.url, entities: [], migrations: [] }),
        MessagingModule.forService(this.settings(service, settings)),
      ],
      controllers,
    }).compile();
    const app = module.createNestApplication(new FastifyAdapter(), {
      logger: process.env.TEST_LOG ? ['log', 'warn', 'error'] : false,
    });
    this.apps.push(app);
    await listenForMessages(app);
    return app;
  }

  async stop(app: INestApplication): Promise<void> {
    this.apps.splice(this.apps.indexOf(app), 1);
    await app.close();
  }

  /** The values in `seen`, in the order of their commits. */
  async seen(): Promise<number[]> {
    const { rows } = await this.client.query<{ value: number }>('select value from seen order by position');
    return rows.map(({ value }) => value);
  }

  envelope(value: unknown, more: Partial<StoredEvent> = {}): StoredEvent {
    return {
      messageId: newId(),
      source: this.publisher,
      type: this.happened.type,
      subject: newId(),
      time: new Date().toISOString(),
      traceparent: null,
      correlationId: newId(),
      causationId: null,
      data: JSON.stringify({ value }),
      ...more,
    };
  }

  /** Puts a message into the subscriber's queue, as the relay would publish it. */
  put(...events: (StoredEvent | Buffer)[]): void {
    for (const event of events) {
      const content = Buffer.isBuffer(event) ? event : encodeEnvelope(event);
      const messageId = Buffer.isBuffer(event) ? undefined : event.messageId;
      const type = Buffer.isBuffer(event) ? undefined : event.type;
      const userId = testBrokerUser();
      const properties = { persistent: true, contentType: cloudEventsContentType, messageId, type, userId };
      this.channel.sendToQueue(serviceQueue(this.subscriber), content, properties);
    }
  }

  /** Commits events to the outbox in one transaction, as a use case of the publisher would. */
  async commitEvents(values: readonly number[], { type = this.happened.type, subject = newId() } = {}): Promise<void> {
    await this.client.query(
      `insert into outbox (type, subject, data)
       select $1, $2, jsonb_build_object('value', value)
       from unnest($3::int[]) with ordinality as new (value, position) order by position`,
      [type, subject, values],
    );
  }

  /** The number of events that are committed and not published yet. */
  async unpublished(): Promise<number> {
    const { rowCount } = await this.client.query('select from outbox');
    return rowCount ?? 0;
  }

  /** Takes everything out of a queue. */
  async take(queue: string): Promise<GetMessage[]> {
    const messages: GetMessage[] = [];
    for (;;) {
      const message = await this.channel.get(queue, { noAck: true });
      if (!message) return messages;
      messages.push(message);
    }
  }

  /** Takes every event out of a queue, single or packed. */
  async takeEvents(queue: string): Promise<Envelope[]> {
    const messages = await this.take(queue);
    return messages.flatMap((message) => unpack(message).map(({ event }) => readEnvelope(event)));
  }

  /** The number of messages that are ready in a queue; 0 when it does not exist. */
  depth(queue: string): Promise<number> {
    return depthOf(this.connection, queue);
  }

  /** Empties every queue of the subscriber. The queues exist once it was started. */
  async purge(): Promise<void> {
    const name = this.subscriber;
    for (const queue of [serviceQueue(name), parkedQueue(name), retryQueue(name, 1), retryQueue(name, 2)]) {
      await this.channel.purgeQueue(queue);
    }
  }

  async close(): Promise<void> {
    for (const app of [...this.apps]) await this.stop(app);
    for (const service of [this.publisher, this.subscriber]) {
      const queues = [serviceQueue, parkedQueue, requestQueue].map((name) => name(service));
      for (const queue of [...queues, retryQueue(service, 1), retryQueue(service, 2)])
        await this.channel.deleteQueue(queue);
    }
    await this.connection.close();
    await this.client.end();
    await this.database.drop();
  }
}
