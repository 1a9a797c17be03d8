import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { defineJob, type JobData } from '#jobs/job.js';
import { JobHandler } from '#jobs/job-handler.js';
import { Clock } from '#kernel/clock.js';
import { Convoy } from '#persistence/convoy.js';
import { ExpireOrder } from './expire-order.js';
import { expireOrderJob } from './expiry-schedule.js';
import { OrdersStore } from './orders.store.js';

export const sweepOverdueOrdersJob = defineJob({
  name: 'subscriptions.sweep-overdue-orders',
  about:
    'Expires the overdue orders that no job came for, because Redis lost it or was away when the order was opened.',
  data: z.object({}),
  id: () => 'sweep-overdue-orders',
  attempts: 3,
  backoffMs: 1_000,
  concurrency: 1,
});

/** Orders in one transaction of the sweep. */
const sweepMax = 500;

/** Expires orders whose time is over: each by a job of its own, and all that were missed by the sweep. */
@Injectable()
export class ExpireOrderJob {
  /** Many orders fall due at once, each with a job of its own; together they are a set like any other. */
  private readonly convoy: Convoy<string, boolean>;

  constructor(
    private readonly expireOrder: ExpireOrder,
    private readonly orders: OrdersStore,
    private readonly clock: Clock,
  ) {
    this.convoy = new Convoy((ids) => this.expireOrder.execute(ids));
  }

  @JobHandler(expireOrderJob)
  async expire({ order_id: orderId }: JobData<typeof expireOrderJob>): Promise<void> {
    await this.convoy.submit(orderId);
  }

  @JobHandler(sweepOverdueOrdersJob)
  async sweep(): Promise<void> {
    for (;;) {
      const overdue = await this.orders.overdue(this.clock.now(), sweepMax);
      if (overdue.length === 0) return;
      const expired = await this.expireOrder.execute(overdue);
      // Others may have been quicker; if they all were, there is nothing left to do for this round.
      if (overdue.length < sweepMax || !expired.includes(true)) return;
    }
  }
}
