import type { Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { z } from 'zod';
import type { RequestContract } from '#contracts/contract.js';
import { Jobs } from '#jobs/jobs.js';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import { CommandLog } from '#messaging/commands.js';
import type { Command, Envelope } from '#messaging/envelope.js';
import { Inbox } from '#messaging/inbox.js';
import { MessagingOptions } from '#messaging/messaging.options.js';
import { Outbox } from '#messaging/outbox.js';
import { RpcClient } from '#messaging/rpc-client.js';
import { DatabaseModule } from '#persistence/database.js';
import { migrate } from '#persistence/migrate.js';
import { Transactions } from '#persistence/transaction.js';
import { MovableClock } from '../../../test/support/movable-clock.js';
import { testDatabase } from '../../../test/support/test-database.js';
import { promotionsDatabase } from '../src/database.js';
import { PromotionsSettings, readPromotionsConfig } from '../src/promotions.config.js';
import { features } from '../src/promotions.module.js';

/** A fact that waits in the outbox. */
export interface ToldFact {
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

  async enqueueMany(job: { name: string }, errands: { data: unknown; delayMs?: number }[]): Promise<void> {
    for (const { data, delayMs = 0 } of errands) this.asked.push({ job: job.name, data, delayMs });
  }
}

/** Stands where the other services would: answers what the test says. */
export class SaidAnswers {
  private readonly answers = new Map<string, (request: unknown) => unknown>();

  on<Request extends z.ZodType, Response extends z.ZodType>(
    contract: RequestContract<Request, Response>,
    answer: (request: z.output<Request>) => z.input<Response> | Promise<z.input<Response>>,
  ): void {
    this.answers.set(contract.type, answer as (request: unknown) => unknown);
  }

  async ask({ type }: RequestContract, request: unknown): Promise<unknown> {
    const answer = this.answers.get(type);
    if (!answer) throw new Error(`the test has no answer to ${type}`);
    return answer(request);
  }
}

/** One instance of the service without broker and Redis: its use cases on a real database, and a clock to move. */
export class Workshop {
  private constructor(
    readonly databaseUrl: string,
    readonly clock: MovableClock,
    readonly jobs: NotedJobs,
    readonly others: SaidAnswers,
    private readonly found: <T>(type: Type<T>) => T,
    private readonly close: () => Promise<void>,
  ) {}

  /** With a database of its own, or, as a second instance, on that of `other`. */
  static async open(other?: Workshop): Promise<Workshop> {
    const database = other ? undefined : await testDatabase((url) => migrate(promotionsDatabase(url)));
    const url = other?.databaseUrl ?? database?.url ?? '';
    const clock = other?.clock ?? new MovableClock('2026-03-02T09:00:00Z');
    const jobs = new NotedJobs();
    const others = new SaidAnswers();
    const settings = readPromotionsConfig({
      PROMOTIONS_DATABASE_URL: url,
      REDIS_URL: 'redis://none',
      AMQP_URL: 'amqp://none',
    });
    const module = await Test.createTestingModule({
      imports: [DatabaseModule.forService(promotionsDatabase(url))],
      providers: [
        CommandLog,
        Inbox,
        Outbox,
        {
          provide: MessagingOptions,
          useValue: new MessagingOptions({ service: 'promotions', amqpUrl: 'amqp://none' }),
        },
        { provide: Clock, useValue: clock },
        { provide: PromotionsSettings, useValue: settings },
        { provide: Jobs, useValue: jobs },
        { provide: RpcClient, useValue: others },
        ...features.flatMap(({ providers }) => providers),
      ],
    }).compile();
    const close = async () => {
      await module.close();
      await database?.drop();
    };
    return new Workshop(url, clock, jobs, others, (type) => module.get(type, { strict: false }), close);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  get<T>(type: Type<T>): T {
    return this.found(type);
  }

  query<Row = Record<string, unknown>>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.get(Transactions).query<Row>(sql, values);
  }

  /** What has been told so far, in order; of one type or of all. */
  async told(type?: string): Promise<ToldFact[]> {
    const rows = await this.query<Omit<ToldFact, 'causationId'> & { causation_id: string | null }>(
      `select type, subject, data, causation_id from outbox where $1::text is null or type = $1 order by id`,
      [type ?? null],
    );
    return rows.map(({ causation_id: causationId, ...fact }) => ({ ...fact, causationId }));
  }
}

/** A command as the broker would bring it. */
export function command<Data>(data: Data, id = newId()): Command<Data> {
  return { id, type: 'test', traceparent: undefined, correlationId: newId(), data };
}

/** A fact as the broker would bring it. */
export function envelope<Data>(data: Data, id = newId()): Envelope<Data> {
  return {
    id,
    source: 'test',
    type: 'test',
    subject: id,
    time: Temporal.Instant.from('2026-03-02T09:00:00Z'),
    traceparent: undefined,
    correlationId: newId(),
    causationId: undefined,
    data,
  };
}
