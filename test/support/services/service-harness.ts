import { type DynamicModule, Global, Module, type ModuleMetadata, type Provider, type Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { Service } from '#contracts/contract.js';
import { Jobs } from '#jobs/jobs.js';
import { Clock } from '#kernel/clock.js';
import { ActionLog } from '#messaging/actions/action-log.js';
import { Inbox } from '#messaging/consuming/inbox.js';
import { MessagingOptions } from '#messaging/messaging.options.js';
import { Outbox } from '#messaging/publishing/outbox.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { RpcClient } from '#messaging/requests/rpc-client.js';
import { type Database, DatabaseModule } from '#persistence/database.js';
import { migrate } from '#persistence/migrate.js';
import { Transactions } from '#persistence/transaction.js';
import { MovableClock } from '../movable-clock.js';
import { testDatabase } from '../servers/test-database.js';

/** A event that waits in the outbox. */
export interface PublishedEvent {
  readonly type: string;
  readonly subject: string;
  readonly data: Record<string, unknown>;
  readonly causationId: string | null;
}

/** Stands where Redis would: notes what it is asked for. */
export class NotedJobs {
  readonly asked: { job: string; data: unknown; delayMs: number }[] = [];

  async enqueue(job: { name: string }, data: unknown, delayMs = 0): Promise<void> {
    this.asked.push({ job: job.name, data, delayMs });
  }

  async enqueueMany(job: { name: string }, requests: { data: unknown; delayMs?: number }[]): Promise<void> {
    for (const { data, delayMs = 0 } of requests) this.asked.push({ job: job.name, data, delayMs });
  }
}

/** Global, as the modules are whose place it takes. */
@Global()
@Module({})
class StandInsModule {
  static with(providers: Provider[]): DynamicModule {
    return { module: StandInsModule, providers, exports: providers };
  }
}

/** What an instance is made of. */
interface Parts {
  readonly service: Service;
  readonly database: (url: string) => Database;
  /** The feature modules of the app. */
  readonly modules?: NonNullable<ModuleMetadata['imports']>;
  /** The settings that they inject. */
  readonly settings?: Provider;
  /** Stands where the other services would, and is asked for their answers. */
  readonly others: object;
}

export interface Instance {
  readonly databaseUrl: string;
  readonly clock: MovableClock;
  readonly jobs: NotedJobs;
  readonly find: <T>(type: Type<T>) => T;
  readonly close: () => Promise<void>;
}

/** One instance of a service without broker and Redis: its use cases on a real database, and a clock to move. */
export class ServiceHarness {
  readonly databaseUrl: string;
  readonly clock: MovableClock;
  readonly jobs: NotedJobs;
  readonly #find: Instance['find'];
  readonly #close: Instance['close'];

  protected constructor({ databaseUrl, clock, jobs, find, close }: Instance) {
    this.databaseUrl = databaseUrl;
    this.clock = clock;
    this.jobs = jobs;
    this.#find = find;
    this.#close = close;
  }

  /** With a database of its own, or, as a second instance, on that of `other`, and by its clock. */
  protected static async set(
    { service, database, modules = [], settings, others }: Parts,
    other?: ServiceHarness,
  ): Promise<Instance> {
    const own = other ? undefined : await testDatabase((url) => migrate(database(url)));
    const databaseUrl = other?.databaseUrl ?? own?.url ?? '';
    const clock = other?.clock ?? new MovableClock('2026-03-02T09:00:00Z');
    const jobs = new NotedJobs();
    const module = await Test.createTestingModule({
      imports: [
        DatabaseModule.forService(database(databaseUrl)),
        StandInsModule.with([
          ActionLog,
          CommandLog,
          Inbox,
          Outbox,
          { provide: MessagingOptions, useValue: new MessagingOptions({ service, amqpUrl: 'amqp://none' }) },
          { provide: Clock, useValue: clock },
          { provide: Jobs, useValue: jobs },
          { provide: RpcClient, useValue: others },
          ...(settings ? [settings] : []),
        ]),
        ...modules,
      ],
    }).compile();
    const close = async () => {
      await module.close();
      await own?.drop();
    };
    return { databaseUrl, clock, jobs, find: (type) => module.get(type, { strict: false }), close };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#close();
  }

  get<T>(type: Type<T>): T {
    return this.#find(type);
  }

  query<Row = Record<string, unknown>>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.get(Transactions).query<Row>(sql, values);
  }

  /** The outbox so far, in order: of one type, about one subject, or all. */
  async published(about?: string): Promise<PublishedEvent[]> {
    const rows = await this.query<Omit<PublishedEvent, 'causationId'> & { causation_id: string | null }>(
      `select type, subject, data, causation_id from outbox where $1::text is null or $1 in (type, subject) order by id`,
      [about ?? null],
    );
    return rows.map(({ causation_id: causationId, ...event }) => ({ ...event, causationId }));
  }
}
