import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Logger } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { event } from '#contracts/contract.js';
import { Transactions } from '#persistence/transaction.js';
import { eventually } from '../../../test/support/eventually.js';
import { counted, MessagingEnvironment } from '../../../test/support/services/messaging-environment.js';
import { parkedQueue, unroutableQueue } from './connection/topology.js';
import { LiveEvents } from './consuming/live-events.js';
import type { Envelope } from './envelope.js';
import { batchOf } from './nest/batch-of.js';
import { Relay } from './publishing/relay.js';

type Counted = Envelope<{ value: number }>;

let environment: MessagingEnvironment;

beforeAll(async () => {
  Logger.overrideLogger(false);
  environment = await MessagingEnvironment.create();
});
afterAll(() => environment.close());

/** What the new version adds: a newer version of an event, and an event that the old version has no contract for. */
function additions() {
  const published = {
    producer: environment.publisher,
    consumers: [environment.subscriber],
    about: 'For tests.',
    data: counted,
  };
  return {
    newer: event({ ...published, type: environment.happened.type.replace('.v1', '.v2') }),
    added: event({ ...published, type: `${environment.publisher}.added.v1` }),
  };
}

function newSubscriber() {
  const { newer, added } = additions();

  @Controller()
  class NewSubscriber {
    constructor(private readonly transactions: Transactions) {}

    @EventPattern<string>(environment.happened.type)
    async onHappened(@Payload(batchOf(environment.happened)) batch: Counted[]): Promise<void> {
      const values = batch.map(({ data }) => data.value);
      await this.transactions.query('insert into seen (value) select * from unnest($1::int[])', [values]);
    }

    @EventPattern<string>(newer.type)
    onNewer(@Payload(batchOf(newer)) batch: Counted[]): Promise<void> {
      return this.onHappened(batch);
    }

    @EventPattern<string>(added.type)
    onAdded(@Payload(batchOf(added)) batch: Counted[]): Promise<void> {
      return this.onHappened(batch);
    }
  }
  return NewSubscriber;
}

describe('two versions side by side', () => {
  it('publish the events of the new one, although the old relay works', async () => {
    const { newer, added } = additions();
    const catalogue = { ...environment.catalogue, events: [...environment.catalogue.events, newer, added] };
    const databaseUrl = environment.database.url;
    const oldPublisher = await environment.start(environment.publisher, { databaseUrl });
    await eventually(() => oldPublisher.get(Relay).isWorking);
    await environment.start(environment.publisher, { databaseUrl, catalogue });
    await environment.start(environment.subscriber, { controllers: [newSubscriber()], catalogue });
    await environment.channel.purgeQueue(unroutableQueue);

    await environment.commitEvents([1]);
    await environment.commitEvents([2, 3], { type: newer.type });
    await environment.commitEvents([4], { type: added.type });
    await eventually(async () => expect((await environment.seen()).sort()).toEqual([1, 2, 3, 4]));
    expect(oldPublisher.get(Relay).isWorking).toBe(true);
    expect(await environment.depth(parkedQueue(environment.subscriber))).toBe(0);
    expect(await environment.depth(unroutableQueue)).toBe(0);
  });

  it('keep events without subscribers for operators, although a live stream watches their subject', async () => {
    const { subject } = environment.envelope(1);
    const app = environment.apps[0];
    const stop = await app?.get(LiveEvents).watch(subject, { onEvent() {}, onGap() {} });
    await environment.commitEvents([1, 2], { type: `${environment.publisher}.undeclared.v1`, subject });
    await eventually(async () => (await environment.depth(unroutableQueue)) === 2);
    stop?.();
    await environment.channel.purgeQueue(unroutableQueue);
  });
});
