import { Logger } from '@nestjs/common';
import type { ConfirmChannel } from 'amqplib';
import { Client } from 'pg';
import { type BrokerConnection, SupervisedChannel } from '../connection/connection.js';
import { boundConsumersKey, checkConsumers, declareTopology, unroutableQueue } from '../connection/topology.js';
import { cloudEventsContentType, encodeEnvelope, type StoredEvent } from '../envelope.js';
import { BrokerUnavailable, backoffMs } from '../faults.js';
import { InterruptibleTimer } from '../interruptible-timer.js';
import type { MessagingOptions } from '../messaging.options.js';
import { outboxAge, outboxDepth, relayWindow, relayWorking } from '../metrics.js';
import { Throttle } from '../throttle.js';
import { pack } from './packing.js';
import { type Publication, type Publishing, publishConfirmed, Unroutable } from './publisher.js';

/** How often a relay that stands by tries to take the lock of the working one. */
const standbyMs = 1_000;
const depthCountMax = 100_000;
/** How often the depth of the outbox is measured, at the most. */
const depthEveryMs = 5_000;

type Outcome = 'published' | 'empty' | 'standby';

/**
 * Publishes the events in the outbox of one database, in the order of their ids.
 *
 * A window is one transaction: it deletes the oldest rows, publishes them as `mandatory` and persistent, waits for
 * every confirm, and only then commits. If anything fails before the commit, the rows are still there and are published
 * again (the inbox ignores the repeats). No event is skipped, and none overtakes a window that failed.
 *
 * One relay per database works at a time. It holds an advisory lock in the session that also claims and publishes, so a
 * relay that loses the session has lost its claims too. The others stand by and take over within a second. The relay
 * sleeps until NOTIFY wakes it; a slow poll finds events whose NOTIFY was lost.
 */
export class Relay {
  private readonly logger: Logger;
  private readonly channel: SupervisedChannel;
  /** Whether a type has subscribers, for each type with a contract. */
  private readonly subscribed: ReadonlyMap<string, boolean>;
  /** Pauses while the outbox is empty. */
  private readonly idle = new InterruptibleTimer();
  /** Pauses after a failure or while another relay works. New events do not end them. */
  private readonly pauses = new InterruptibleTimer();
  private stopping = false;
  private woken = false;
  private running: Promise<void> | undefined;
  private working = false;
  private measuredAt = Number.NEGATIVE_INFINITY;
  private readonly throttle = new Throttle();

  constructor(
    private readonly connection: BrokerConnection,
    private readonly options: MessagingOptions,
  ) {
    this.logger = new Logger(`Relay ${options.service}`);
    this.subscribed = new Map(options.catalogue.events.map(({ type, consumers }) => [type, consumers.length > 0]));
    this.channel = new SupervisedChannel(connection, {
      name: `${options.service} relay`,
      setup: async (channel) => {
        await declareTopology(channel, options);
        await checkConsumers(channel, options);
      },
    });
  }

  /** Begins to publish and returns at once. A service without a database has no outbox and publishes nothing. */
  start(): void {
    if (!this.options.databaseUrl) return;
    this.channel.open();
    this.running ??= this.serve();
  }

  /** Resolves after the current window was published or rolled back. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.idle.wake();
    this.pauses.wake();
    await this.running;
    await this.channel.close();
  }

  /** Whether this relay holds the lock of its database. */
  get isWorking(): boolean {
    return this.working;
  }

  private async serve(): Promise<void> {
    // From the first scrape on, also without a database: a missing metric would look like a missing relay.
    this.report(false);
    for (let failures = 0; !this.stopping; failures++) {
      const client = await this.connect();
      if (!client) {
        if (!this.stopping) await this.pauses.sleep(backoffMs(failures));
        continue;
      }
      try {
        await this.work(client, () => {
          failures = 0;
        });
      } catch (error) {
        if (!this.stopping) this.logger.warn(`lost the database: ${(error as Error).message}`);
      } finally {
        this.report(false);
        // The end of the session rolls back its claims and frees the lock.
        await endQuietly(client);
      }
      if (!this.stopping) await this.pauses.sleep(backoffMs(failures));
    }
  }

  private async connect(): Promise<Client | undefined> {
    const { silenceMs } = this.options;
    const client = new Client({
      connectionString: this.options.databaseUrl,
      application_name: `${this.options.service} relay`,
      connectionTimeoutMillis: 5_000,
      query_timeout: 15_000,
      keepAlive: true,
      // The server frees the lock of a dead relay when its session ends. Keepalives detect a lost machine, but not
      // while a notification is on its way, and not a process that hangs. A live relay is never silent for long: it
      // polls its outbox, and stops waiting for confirms that do not arrive.
      options:
        '-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3 -c tcp_user_timeout=10000 ' +
        `-c idle_session_timeout=${silenceMs} -c idle_in_transaction_session_timeout=${silenceMs} -c lock_timeout=5000`,
    });
    // The next query throws the same error.
    client.on('error', (error) => this.logger.warn(`database: ${error.message}`));
    client.on('notification', () => this.wake());
    client.on('end', () => this.wake());
    try {
      await client.connect();
      await client.query('listen outbox');
      return client;
    } catch (error) {
      this.logger.warn(`cannot reach the database: ${(error as Error).message}`);
      await endQuietly(client);
      return undefined;
    }
  }

  /** Until the database connection breaks or the relay is stopped. */
  private async work(client: Client, succeeded: () => void): Promise<void> {
    let failures = 0;
    while (!this.stopping) {
      this.woken = false;
      if (this.throttle.restMs > 0) await this.pauses.sleep(this.throttle.restMs);
      let outcome: Outcome | undefined;
      try {
        outcome = this.working || (await this.takeLock(client)) ? await this.publishWindow(client) : 'standby';
        succeeded();
        failures = 0;
      } catch (error) {
        if (!(error instanceof BrokerUnavailable) && !(error instanceof Unroutable)) throw error;
        if (this.stopping) return;
        this.logger.warn(`published nothing, will try again: ${error.message}`);
        await this.pauses.sleep(backoffMs(failures++, { mostMs: 5_000 }));
      }
      await this.measure(client);
      if (outcome === 'empty' && !this.woken && !this.stopping) await this.idle.sleep(this.options.pollMs);
      if (outcome === 'standby' && !this.stopping) await this.pauses.sleep(standbyMs / 2 + Math.random() * standbyMs);
    }
  }

  /**
   * Tries to take the lock and never waits for it: a session that waits in pg_advisory_lock() holds a snapshot, which
   * stops the vacuum of dead rows in the whole database.
   */
  private async takeLock(client: Client): Promise<boolean> {
    const { rows } = await client.query<{ got: boolean }>(
      `select pg_try_advisory_lock(hashtext('matricula.relay'), 0) as got`,
    );
    const got = rows[0]?.got === true;
    this.report(got);
    return got;
  }

  private async publishWindow(client: Client): Promise<Outcome> {
    // Without a broker a claim would be rolled back every time.
    const channel = await this.usableChannel();
    const began = performance.now();
    await client.query('begin');
    try {
      const { rows } = await client.query<StoredEvent>(claim, [this.options.windowMax]);
      if (rows.length > 0) await this.publish(channel, rows);
      await client.query('commit');
      // After a full window the next one begins at once: its events have waited already.
      this.throttle.noteBatch(rows.length < this.options.windowMax ? rows.length : 0, began);
      if (rows.length === 0) return 'empty';
      relayWindow.observe({ service: this.options.service }, rows.length);
      return 'published';
    } catch (error) {
      await client.query('rollback');
      throw error;
    }
  }

  private async usableChannel(): Promise<ConfirmChannel> {
    if (this.connection.blocked) throw new BrokerUnavailable('the broker accepts no messages for now');
    return this.channel.ready(this.options.confirmTimeoutMs);
  }

  private get publishing(): Publishing {
    return { userId: this.connection.user, timeoutMs: this.options.confirmTimeoutMs };
  }

  private async publish(channel: ConfirmChannel, events: readonly StoredEvent[]): Promise<void> {
    try {
      const unsubscribed = await this.publishEvents(channel, events);
      await publishConfirmed(
        channel,
        unsubscribed.map((event) => this.unroutable(event)),
        this.publishing,
      );
    } catch (error) {
      // The set-up of a new channel declares what is missing, and late confirms of this window end with the old
      // channel.
      this.channel.reopen((error as Error).message);
      throw error;
    }
  }

  /**
   * Resolves to the events of types without contract that have no bound queue. During a rollout the relay of the old
   * version also publishes events of the new version: services that are bound to their types receive them.
   */
  private async publishEvents(channel: ConfirmChannel, events: readonly StoredEvent[]): Promise<StoredEvent[]> {
    try {
      await publishConfirmed(channel, this.publicationsOf(events), this.publishing);
      return [];
    } catch (error) {
      if (!(error instanceof Unroutable)) throw error;
      const types = new Set(error.returned.map(({ properties }) => properties.type));
      const unsubscribed = events.filter(({ type }) => types.has(type));
      if (unsubscribed.some(({ type }) => this.subscribed.has(type))) throw error;
      return unsubscribed;
    }
  }

  private publicationsOf(events: readonly StoredEvent[]): Publication[] {
    // An event without subscribers in the catalogue is published too: a live stream may be bound to its subject.
    const publications = pack(events, (type) => ({ persistent: true, mandatory: this.subscribed.get(type) !== false }));
    return publications.map((publication) => {
      const { type = '' } = publication.properties;
      return this.subscribed.has(type) ? publication : { ...publication, routingKey: boundConsumersKey(type) };
    });
  }

  private unroutable(event: StoredEvent): Publication {
    const { messageId, type } = event;
    this.logger.error(`${type} has no contract and no bound queue: ${messageId} goes to ${unroutableQueue}`);
    const properties = { messageId, type, contentType: cloudEventsContentType, persistent: true, mandatory: true };
    return { exchange: '', routingKey: unroutableQueue, content: encodeEnvelope(event), properties };
  }

  private async measure(client: Client): Promise<void> {
    if (!this.working || performance.now() - this.measuredAt < depthEveryMs) return;
    this.measuredAt = performance.now();
    const { rows } = await client.query<{ depth: number; age: number }>(
      `select (select count(*)::int from (select from outbox limit $1) as counted) as depth,
              coalesce((select extract(epoch from clock_timestamp() - created_at) from outbox order by id limit 1), 0)::float8 as age`,
      [depthCountMax],
    );
    const { service } = this.options;
    outboxDepth.set({ service }, rows[0]?.depth ?? 0);
    outboxAge.set({ service }, rows[0]?.age ?? 0);
  }

  private report(working: boolean): void {
    if (working !== this.working) this.logger.log(working ? 'working' : 'standing by');
    this.working = working;
    // A relay that stands by reports no depth: two series for one database would contradict each other.
    if (!working) for (const gauge of [outboxDepth, outboxAge]) gauge.remove({ service: this.options.service });
    relayWorking.set({ service: this.options.service }, working ? 1 : 0);
  }

  private wake(): void {
    this.woken = true;
    this.idle.wake();
  }
}

// No SKIP LOCKED: with one relay nothing else deletes these rows, and if something does, waiting keeps the order.
const claim = `
  with claimed as (
    delete from outbox where id = any (array(select id from outbox order by id limit $1))
    returning *
  )
  select message_id as "messageId", split_part(type, '.', 1) as source, type, subject,
         to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as time,
         traceparent, coalesce(correlation_id, message_id::text) as "correlationId", causation_id as "causationId",
         author, data::text as data
  from claimed order by id`;

async function endQuietly(client: Client): Promise<void> {
  try {
    await client.end();
  } catch {}
}
