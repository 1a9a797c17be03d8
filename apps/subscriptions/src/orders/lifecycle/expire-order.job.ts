import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { defineJob, type JobData } from '#jobs/job.js';
import { JobHandler } from '#jobs/job-handler.js';
import { Clock } from '#kernel/clock.js';
import { MicroBatcher } from '#persistence/micro-batcher.js';
import { DecideLatePayments } from '../late-payments/decide-late-payments.js';
import { OrdersStore } from '../orders.store.js';
import { ExpireOrder } from './expire-order.js';
import { expireOrderJob, ScheduleExpiries } from './schedule-expiries.js';

export const sweepOverdueOrdersJob = defineJob({
  name: 'subscriptions.sweep-overdue-orders',
  about:
    'Enqueues the expiry jobs of orders that fall due soon, expires overdue orders whose jobs Redis lost, and decides late payments.',
  data: z.object({}),
  id: () => 'sweep-overdue-orders',
  attempts: 3,
  backoffMs: 1_000,
  concurrency: 1,
});

/** Orders that the sweep expires in one transaction. */
const sweepMax = 500;

/** Expires orders whose payment window is over: by a job per order, or by the sweep when that job was lost. */
@Injectable()
export class ExpireOrderJob {
  /** Expires the orders of concurrent jobs in one transaction. */
  private readonly batcher: MicroBatcher<string, boolean>;

  constructor(
    private readonly expireOrder: ExpireOrder,
    private readonly scheduleExpiries: ScheduleExpiries,
    private readonly orders: OrdersStore,
    private readonly clock: Clock,
    private readonly decideLatePayments: DecideLatePayments,
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
    await this.decideLatePayments.execute();
  }

  private async expireOverdue(): Promise<void> {
    for (;;) {
      const overdue = await this.orders.overdue(this.clock.now(), sweepMax);
      if (overdue.length === 0) return;
      const expired = await this.expireOrder.execute(overdue);
      // Another instance may expire the same orders. When it expired all of them, this round ends.
      if (overdue.length < sweepMax || !expired.includes(true)) return;
    }
  }
}
