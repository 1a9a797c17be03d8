import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { defineJob, type JobData } from '#jobs/job.js';
import { JobHandler } from '#jobs/job-handler.js';
import { Clock } from '#kernel/clock.js';
import { MicroBatcher } from '#persistence/micro-batcher.js';
import { OrdersStore } from '../orders.store.js';
import { ExpireOrder } from './expire-order.js';
import { expireOrderJob, ScheduleExpiries } from './schedule-expiries.js';

export const sweepOverdueOrdersJob = defineJob({
  name: 'subscriptions.sweep-overdue-orders',
  about:
    'Asks for the jobs of the orders that fall due soon, and expires overdue ones whose jobs were lost with Redis.',
  data: z.object({}),
  id: () => 'sweep-overdue-orders',
  attempts: 3,
  backoffMs: 1_000,
  concurrency: 1,
});

/** Orders in one transaction of the sweep. */
const sweepMax = 500;

/** Expires orders whose time is over: each by a job of its own, which the sweep asks for, or else by the sweep. */
@Injectable()
export class ExpireOrderJob {
  /** Many orders fall due at once, each with a job of its own; together they are a set like any other. */
  private readonly batcher: MicroBatcher<string, boolean>;

  constructor(
    private readonly expireOrder: ExpireOrder,
    private readonly scheduleExpiries: ScheduleExpiries,
    private readonly orders: OrdersStore,
    private readonly clock: Clock,
  ) {
    this.batcher = new MicroBatcher((ids) => this.expireOrder.execute(ids));
  }

  @JobHandler(expireOrderJob)
  async expire({ order_id: orderId }: JobData<typeof expireOrderJob>): Promise<void> {
    await this.batcher.submit(orderId);
  }

  @JobHandler(sweepOverdueOrdersJob)
  async sweep(): Promise<void> {
    await this.expireOverdue();
    await this.scheduleExpiries.execute();
  }

  private async expireOverdue(): Promise<void> {
    for (;;) {
      const overdue = await this.orders.overdue(this.clock.now(), sweepMax);
      if (overdue.length === 0) return;
      const expired = await this.expireOrder.execute(overdue);
      // Others may have been quicker; if they all were, there is nothing left to do for this round.
      if (overdue.length < sweepMax || !expired.includes(true)) return;
    }
  }
}
