import { Injectable } from '@nestjs/common';
import { TimedOut, withTimeout } from '#kernel/with-timeout.js';
import { Broker } from '#messaging/connection/broker.js';
import { BrokerUnavailable } from '#messaging/faults.js';
import { QueueDepths } from '#messaging/parking/queue-depths.js';
import { Transactions } from '#persistence/transaction.js';
import { JobQueues } from '../queues/job-queues.js';
import type { JobQueueState, QueueState, ServerHealth } from './overview.js';

const answerTimeoutMs = 2_500;

/** The health of Postgres, RabbitMQ and Redis. A server that is down has no queues, no jobs. */
export interface Servers {
  readonly health: readonly ServerHealth[];
  readonly queues: readonly QueueState[];
  readonly jobs: readonly JobQueueState[];
}

interface Checked<Answer> {
  readonly answer: Answer | undefined;
  readonly health: ServerHealth;
}

/** Reads all servers at the same time, each within 2.5 seconds. A server that fails is down; it throws nothing. */
@Injectable()
export class ReadServers {
  constructor(
    private readonly transactions: Transactions,
    private readonly broker: Broker,
    private readonly queueDepths: QueueDepths,
    private readonly jobQueues: JobQueues,
  ) {}

  async execute(): Promise<Servers> {
    const [postgres, rabbit, redis] = await Promise.all([
      check('Postgres', () =>
        this.transactions.query<{ server: string }>(`select current_setting('server_version') as server`),
      ),
      check('RabbitMQ', () => this.readQueues()),
      check('Redis', () => this.readJobs()),
    ]);
    return {
      health: [postgres.health, rabbit.health, redis.health],
      queues: rabbit.answer ?? [],
      jobs: redis.answer ?? [],
    };
  }

  /** Fails at once while the broker is disconnected. */
  private async readQueues(): Promise<QueueState[]> {
    if (!this.broker.connected) throw new BrokerUnavailable('cannot be reached');
    return this.queueDepths.read();
  }

  private async readJobs(): Promise<JobQueueState[]> {
    const queues = await this.jobQueues.all();
    return Promise.all(
      queues.map(async (queue) => {
        const counts = await queue.getJobCounts('waiting', 'active', 'delayed', 'failed');
        const count = (state: string) => counts[state] ?? 0;
        return {
          queue: queue.name,
          waiting: count('waiting'),
          active: count('active'),
          delayed: count('delayed'),
          failed: count('failed'),
        };
      }),
    );
  }
}

async function check<Answer>(server: string, request: () => Promise<Answer>): Promise<Checked<Answer>> {
  try {
    const answer = await withTimeout(answerTimeoutMs, request());
    return { answer, health: { server, status: 'up', detail: 'answers' } };
  } catch (error) {
    const detail = error instanceof TimedOut ? 'does not answer in time' : (error as Error).message;
    return { answer: undefined, health: { server, status: 'down', detail } };
  }
}
