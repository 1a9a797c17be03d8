import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Logger } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { fact } from '#contracts/contract.js';
import { Transactions } from '#persistence/transaction.js';
import { eventually } from '../../../test/support/eventually.js';
import { counted, MessagingWorld } from '../../../test/support/messaging-world.js';
import { batchOf } from './batch-of.js';
import type { Envelope } from './envelope.js';
import { LiveFacts } from './live-facts.js';
import { Relay } from './relay.js';
import { parkedQueue, unroutableQueue } from './topology.js';

type Counted = Envelope<{ value: number }>;

let world: MessagingWorld;

beforeAll(async () => {
  Logger.overrideLogger(false);
  world = await MessagingWorld.create();
});
afterAll(() => world.close());

/** What the new version adds: a version of a fact that the old one knows, and a fact that it does not. */
function additions() {
  const told = { producer: world.teller, consumers: [world.hearer], about: 'For tests.', data: counted };
  return {
    newer: fact({ ...told, type: world.happened.type.replace('.v1', '.v2') }),
    added: fact({ ...told, type: `${world.teller}.added.v1` }),
  };
}

function hearingMore() {
  const { newer, added } = additions();

  @Controller()
  class HearingMore {
    constructor(private readonly transactions: Transactions) {}

    @EventPattern<string>(world.happened.type)
    async onHappened(@Payload(batchOf(world.happened)) batch: Counted[]): Promise<void> {
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
  return HearingMore;
}

describe('two versions side by side', () => {
  it('tell what only the new one knows, whichever relay works', async () => {
    const { newer, added } = additions();
    const catalogue = { ...world.catalogue, facts: [...world.catalogue.facts, newer, added] };
    const databaseUrl = world.database.url;
    const oldTeller = await world.start(world.teller, { databaseUrl });
    await eventually(() => oldTeller.get(Relay).isWorking);
    await world.start(world.teller, { databaseUrl, catalogue });
    await world.start(world.hearer, { controllers: [hearingMore()], catalogue });
    await world.channel.purgeQueue(unroutableQueue);

    await world.tell([1]);
    await world.tell([2, 3], { type: newer.type });
    await world.tell([4], { type: added.type });
    await eventually(async () => expect((await world.seen()).sort()).toEqual([1, 2, 3, 4]));
    expect(oldTeller.get(Relay).isWorking).toBe(true);
    expect(await world.depth(parkedQueue(world.hearer))).toBe(0);
    expect(await world.depth(unroutableQueue)).toBe(0);
  });

  it('keep for operators what neither listens to, though somebody watches its subject', async () => {
    const { subject } = world.envelope(1);
    const app = world.apps[0];
    const stop = await app?.get(LiveFacts).watch(subject, { onFact() {}, onGap() {} });
    await world.tell([1, 2], { type: `${world.teller}.undeclared.v1`, subject });
    await eventually(async () => (await world.depth(unroutableQueue)) === 2);
    stop?.();
    await world.channel.purgeQueue(unroutableQueue);
  });
});
