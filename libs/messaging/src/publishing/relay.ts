import { Logger } from '@nestjs/common';
import type { ConfirmChannel } from 'amqplib';
import { Client } from 'pg';
import { type BrokerConnection, SupervisedChannel } from '../connection/connection.js';
import { consumersKey, declareTopology, unroutableQueue } from '../connection/topology.js';
import { Throttle } from '../consuming/throttle.js';
import { cloudEventsContentType, encodeEnvelope, type StoredEvent } from '../envelope.js';
import { BrokerUnavailable, backoffMs } from '../faults.js';
import { InterruptibleTimer } from '../interruptible-timer.js';
import type { MessagingOptions } from '../messaging.options.js';
import { outboxAge, outboxDepth, relayWindow, relayWorking } from '../metrics.js';
import { pack } from './packing.js';
import { type Publication, publishConfirmed, Unroutable } from './publisher.js';

/** How often a relay that stands by looks whether the working one is gone. */
const standbyMs = 1_000;
const depthCountMax = 100_000;
/** How often the depth of the outbox is measured, at the most. */
const depthEveryMs = 5_000;

type Outcome = 'told' | 'empty' | 'standby';

/**
 * Tells the events of one database's outbox, in the order of their ids.
 *
 * A window: in one transaction the oldest rows are deleted, published as `mandatory` and persistent, every confirm is
 * awaited, and only then the transaction commits. If anything fails before the commit, the rows are still there and are
 * told again (consumers see a repeat, the inbox ends it); nothing is skipped, and nothing overtakes a window that
 * failed.
 *
 * One relay per database works at a time: an advisory lock of the session that also claims and publishes, so that who
 * loses the session has lost its claims too. The others stand by and take over within a second.
 * It sleeps until NOTIFY wakes it, with a slow poll as a net.
 */
export class Relay {
  private readonly logger: Logger;
  private readonly channel: SupervisedChannel;
  private readonly listenedTo: ReadonlyMap<string, boolean>;
  /** Asleep because there is nothing to tell. */
  private readonly idle = new InterruptibleTimer();
  /** Asleep because something failed or another relay works; new events are no reason to wake. */
  private readonly pauses = new InterruptibleTimer();
  private stopping = false;
  private woken = false;
  private running: Promise<void> | undefined;
  private working = false;
  private measuredAt = Number.NEGATIVE_INFINITY;
  private readonly pace = new Throttle();

  constructor(
    private readonly connection: BrokerConnection,
    private readonly options: MessagingOptions,
  ) {
    this.logger = new Logger(`Relay ${options.service}`);
    this.listenedTo = new Map(options.catalogue.events.map(({ type, consumers }) => [type, consumers.length > 0]));
    this.channel = new SupervisedChannel(connection, {
      name: `${options.service} relay`,
      setup: (channel) => declareTopology(channel, options.catalogue),
    });
  }

  start(): void {
    this.channel.open();
    this.running ??= this.serve();
  }

  /** Resolves when the window under way has been told or given back. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.idle.wake();
    this.pauses.wake();
    await this.running;
    await this.channel.close();
  }

  /** Whether this relay, of all that serve this database, is the one that works. */
  get isWorking(): boolean {
    return this.working;
  }

  private async serve(): Promise<void> {
    // From the first scrape on, whether or not the database can be reached: silence would look like having no relay.
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
        // Ending the session rolls back what it claimed and frees the lock.
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
      // The server lets go of a dead relay's lock when its session ends. Keepalives make it notice a vanished machine,
      // but not while a notification is on its way there, and not a process that hangs. A living relay is never silent
      // for long: it looks at its outbox again and again, and gives up on confirms that do not come.
      options:
        '-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3 -c tcp_user_timeout=10000 ' +
        `-c idle_session_timeout=${silenceMs} -c idle_in_transaction_session_timeout=${silenceMs} -c lock_timeout=5000`,
    });
    // What breaks the connection is thrown by the next query as well.
    client.on('error', (error) => this.logger.warn(`database: ${error.message}`));
    client.on('notification', () => this.rouse());
    client.on('end', () => this.rouse());
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
      if (this.pace.restMs > 0) await this.pauses.sleep(this.pace.restMs);
      let outcome: Outcome | undefined;
      try {
        outcome = this.working || (await this.takeLock(client)) ? await this.tellWindow(client) : 'standby';
        succeeded();
        failures = 0;
      } catch (error) {
        if (!(error instanceof BrokerUnavailable) && !(error instanceof Unroutable)) throw error;
        if (this.stopping) return;
        this.logger.warn(`told nothing, will try again: ${error.message}`);
        await this.pauses.sleep(backoffMs(failures++, { mostMs: 5_000 }));
      }
      await this.measure(client);
      if (outcome === 'empty' && !this.woken && !this.stopping) await this.idle.sleep(this.options.pollMs);
      if (outcome === 'standby' && !this.stopping) await this.pauses.sleep(standbyMs / 2 + Math.random() * standbyMs);
    }
  }

  /**
   * Tried again and again, never waited for: a session that waits in pg_advisory_lock() holds a snapshot, and with it
   * back the clean-up of dead rows in the whole database.
   */
  private async takeLock(client: Client): Promise<boolean> {
    const { rows } = await client.query<{ got: boolean }>(
      `select pg_try_advisory_lock(hashtext('matricula.relay'), 0) as got`,
    );
    const got = rows[0]?.got === true;
    this.report(got);
    return got;
  }

  private async tellWindow(client: Client): Promise<Outcome> {
    // Claiming while the broker is away would only make rows and locks flap.
    const channel = await this.usableChannel();
    const began = performance.now();
    await client.query('begin');
    try {
      const { rows } = await client.query<StoredEvent>(claim, [this.options.windowMax]);
      if (rows.length > 0) await this.publish(channel, rows);
      await client.query('commit');
      // A full window leaves more behind, which has waited already.
      this.pace.keep(rows.length < this.options.windowMax ? rows.length : 0, began);
      if (rows.length === 0) return 'empty';
      relayWindow.observe({ service: this.options.service }, rows.length);
      return 'told';
    } catch (error) {
      await client.query('rollback');
      throw error;
    }
  }

  private async usableChannel(): Promise<ConfirmChannel> {
    if (this.connection.blocked) throw new BrokerUnavailable('the broker takes no messages for now');
    return this.channel.ready(this.options.confirmTimeoutMs);
  }

  private async publish(channel: ConfirmChannel, events: readonly StoredEvent[]): Promise<void> {
    const { confirmTimeoutMs } = this.options;
    try {
      const unheard = await this.tell(channel, events);
      await publishConfirmed(
        channel,
        unheard.map((event) => this.unroutable(event)),
        confirmTimeoutMs,
      );
    } catch (error) {
      // A new channel: its set-up declares again what is missing, and late confirms of this window die with the old
      // one.
      this.channel.reopen((error as Error).message);
      throw error;
    }
  }

  /**
   * Answers with the events of unknown types that nobody listens to. While a new version is rolled out, the relay of
   * the one before tells the events of both: what it does not know has consumers all the same, as soon as they have a
   * binding.
   */
  private async tell(channel: ConfirmChannel, events: readonly StoredEvent[]): Promise<StoredEvent[]> {
    try {
      await publishConfirmed(channel, this.publicationsOf(events), this.options.confirmTimeoutMs);
      return [];
    } catch (error) {
      if (!(error instanceof Unroutable)) throw error;
      const types = new Set(error.returned.map(({ properties }) => properties.type));
      const unheard = events.filter(({ type }) => types.has(type));
      if (unheard.some(({ type }) => this.listenedTo.has(type))) throw error;
      return unheard;
    }
  }

  private publicationsOf(events: readonly StoredEvent[]): Publication[] {
    // Told all the same when nobody in the catalogue needs it: a live stream may listen.
    const publications = pack(events, (type) => ({ persistent: true, mandatory: this.listenedTo.get(type) !== false }));
    return publications.map((publication) => {
      const { type = '' } = publication.properties;
      return this.listenedTo.has(type) ? publication : { ...publication, routingKey: consumersKey(type) };
    });
  }

  private unroutable(event: StoredEvent): Publication {
    const { messageId, type } = event;
    this.logger.error(`${type} is in no contract, and nobody listens: ${messageId} goes to ${unroutableQueue}`);
    const properties = { messageId, type, contentType: cloudEventsContentType, persistent: true, mandatory: true };
    return { exchange: '', routingKey: unroutableQueue, content: encodeEnvelope(event), properties };
  }

  private async measure(client: Client): Promise<void> {
    if (!this.working || performance.now() - this.measuredAt < depthEveryMs) return;
    this.measuredAt = performance.now();
    const { rows } = await client.query<{ depth: number; age: number }>(
      `select (select count(*)::int from (select from outbox limit ${depthCountMax}) as counted) as depth,
              coalesce((select extract(epoch from clock_timestamp() - created_at) from outbox order by id limit 1), 0)::float8 as age`,
    );
    const { service } = this.options;
    outboxDepth.set({ service }, rows[0]?.depth ?? 0);
    outboxAge.set({ service }, rows[0]?.age ?? 0);
  }

  private report(working: boolean): void {
    if (working !== this.working) this.logger.log(working ? 'working' : 'standing by');
    this.working = working;
    // Who stands by knows nothing of the outbox: two truths about one database would be one too many.
    if (!working) for (const gauge of [outboxDepth, outboxAge]) gauge.remove({ service: this.options.service });
    relayWorking.set({ service: this.options.service }, working ? 1 : 0);
  }

  private rouse(): void {
    this.woken = true;
    this.idle.wake();
  }
}

// No SKIP LOCKED: with one relay nobody else deletes these rows, and if somebody does, to wait keeps the order.
const claim = `
  with claimed as (
    delete from outbox where id = any (array(select id from outbox order by id limit $1))
    returning *
  )
  select message_id as "messageId", split_part(type, '.', 1) as source, type, subject,
         to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as time,
         traceparent, coalesce(correlation_id, message_id::text) as "correlationId", causation_id as "causationId",
         data::text as data
  from claimed order by id`;

async function endQuietly(client: Client): Promise<void> {
  try {
    await client.end();
  } catch {}
}
