import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { z } from 'zod';
import { defineJob } from '#jobs/job.js';
import { Jobs } from '#jobs/jobs.js';
import { Clock } from '#kernel/clock.js';
import type { OpenedOrder } from './order.js';

export const expireOrderJob = defineJob({
  name: 'subscriptions.expire-order',
  about: 'An order’s time to be paid for is over: if it is still opened, it expires and its seat is free again.',
  data: z.object({ order_id: z.uuid() }),
  id: ({ order_id: orderId }) => `expire-order-${orderId}`,
  attempts: 5,
  backoffMs: 1_000,
  concurrency: 100,
});

/**
 * Asks for the job that will expire an order, after the order has committed and without holding up its answer. What
 * is lost here, because Redis is away or the process dies, the sweep finds in Postgres.
 */
@Injectable()
export class ExpirySchedule implements BeforeApplicationShutdown {
  private readonly logger = new Logger(ExpirySchedule.name);
  private readonly underWay = new Set<Promise<void>>();
  private failing = false;

  constructor(
    private readonly jobs: Jobs,
    private readonly clock: Clock,
  ) {}

  add(orders: readonly OpenedOrder[]): void {
    if (orders.length === 0) return;
    const now = this.clock.now();
    const errands = orders.flatMap(({ id, expiresAt }) =>
      expiresAt ? [{ data: { order_id: id }, delayMs: expiresAt.since(now).total('milliseconds') }] : [],
    );
    const asked = this.jobs.enqueueMany(expireOrderJob, errands).then(
      () => this.note(false),
      (error: unknown) => this.note(true, error),
    );
    this.underWay.add(asked);
    asked.finally(() => this.underWay.delete(asked));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.underWay);
  }

  /** Says when it begins to fail and when it works again, not each time. */
  private note(failed: boolean, error?: unknown): void {
    if (failed && !this.failing) this.logger.warn({ err: error }, 'expiry jobs are left to the sweep');
    if (!failed && this.failing) this.logger.log('expiry jobs are asked for again');
    this.failing = failed;
  }
}
