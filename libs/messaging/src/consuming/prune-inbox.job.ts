import { type DynamicModule, Injectable, Module, type Type } from '@nestjs/common';
import { z } from 'zod';
import type { Service } from '#contracts/contract.js';
import { defineJob, type Job } from '#jobs/job.js';
import { JobHandler } from '#jobs/job-handler.js';
import { JobsModule } from '#jobs/jobs.module.js';
import { Clock } from '#kernel/clock.js';
import { Transactions } from '#persistence/transaction.js';
import { Inbox } from './inbox.js';

/**
 * Longer than a message waits in a queue or stays parked. A message that is redelivered later is handled again, and
 * finds the effect of the first time in the tables.
 */
const keptDays = 90;
const everyDayMs = 24 * 3_600_000;

/** Deletes the rows of the inbox that are older than 90 days. */
export abstract class PruneInbox {
  abstract prune(): Promise<void>;
}

/** The daily job by which a service keeps its inbox small. The app module imports `forService` once. */
@Module({})
export class InboxPruningModule {
  /** Needs the global `Clock`, `DatabaseModule` and `MessagingModule`. */
  static forService(service: Service): DynamicModule {
    const { job, PruneServiceInbox } = pruningOf(service);
    return {
      module: InboxPruningModule,
      imports: [JobsModule.forFeature({ jobs: [job], schedules: [{ job, data: {}, everyMs: everyDayMs }] })],
      providers: [{ provide: PruneInbox, useClass: PruneServiceInbox }],
      exports: [PruneInbox],
    };
  }
}

/** The name of the job that prunes the inbox of `service`, which is the name of its queue. */
export function pruneInboxJobName(service: Service): string {
  return `${service}.prune-inbox`;
}

function pruningOf(service: Service): { readonly job: Job; readonly PruneServiceInbox: Type<PruneInbox> } {
  const job = defineJob({
    name: pruneInboxJobName(service),
    about: `Deletes the rows of the inbox whose messages were handled more than ${keptDays} days ago.`,
    data: z.object({}),
    id: () => 'prune-inbox',
    attempts: 3,
    backoffMs: 60_000,
    concurrency: 1,
  });

  @Injectable()
  class PruneServiceInbox extends PruneInbox {
    constructor(
      private readonly inbox: Inbox,
      private readonly transactions: Transactions,
      private readonly clock: Clock,
    ) {
      super();
    }

    @JobHandler(job)
    async prune(): Promise<void> {
      await this.inbox.prune(this.transactions, this.clock.now().subtract({ hours: 24 * keptDays }));
    }
  }

  return { job, PruneServiceInbox };
}
