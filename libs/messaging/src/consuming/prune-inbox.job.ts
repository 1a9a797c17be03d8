import { Injectable, type Type } from '@nestjs/common';
import { z } from 'zod';
import type { Service } from '#contracts/contract.js';
import type { Feature } from '#jobs/feature.js';
import { defineJob, type Job } from '#jobs/job.js';
import { JobHandler } from '#jobs/job-handler.js';
import { Clock } from '#kernel/clock.js';
import { Transactions } from '#persistence/transaction.js';
import { Inbox } from './inbox.js';

/**
 * Longer than any message waits in a queue or among the parked. What comes later still meets what it has done itself.
 */
const keptDays = 90;

/** What keeps the inbox of a service small; `job` and `PruneInbox` are the parts of it. */
export interface InboxPruning extends Feature {
  readonly job: Job;
  readonly PruneInbox: Type<{ prune(): Promise<void> }>;
}

/** The feature by whose daily job `service` forgets which messages it has handled long ago. */
export function inboxPruning(service: Service): InboxPruning {
  const job = defineJob({
    name: `${service}.prune-inbox`,
    about: `Forgets which messages were handled more than ${keptDays} days ago.`,
    data: z.object({}),
    id: () => 'prune-inbox',
    attempts: 3,
    backoffMs: 60_000,
    concurrency: 1,
  });

  @Injectable()
  class PruneInbox {
    constructor(
      private readonly inbox: Inbox,
      private readonly transactions: Transactions,
      private readonly clock: Clock,
    ) {}

    @JobHandler(job)
    async prune(): Promise<void> {
      await this.inbox.prune(this.transactions, this.clock.now().subtract({ hours: 24 * keptDays }));
    }
  }

  return {
    job,
    PruneInbox,
    controllers: [],
    providers: [PruneInbox],
    jobs: [job],
    schedules: () => [{ job, data: {}, everyMs: 24 * 3_600_000 }],
  };
}
