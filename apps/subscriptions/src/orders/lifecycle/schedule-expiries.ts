import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { defineJob } from '#jobs/job.js';
import { Jobs } from '#jobs/jobs.js';
import { Clock } from '#kernel/clock.js';
import { SubscriptionsSettings } from '../../subscriptions.config.js';
import { OrdersStore } from '../orders.store.js';

export const expireOrderJob = defineJob({
  name: 'subscriptions.expire-order',
  about: 'The payment window of an order is over: if the order is still opened, it expires and its seat is free again.',
  data: z.object({ order_id: z.uuid() }),
  id: ({ order_id: orderId }) => `expire-order-${orderId}`,
  attempts: 5,
  backoffMs: 1_000,
  concurrency: 100,
});

/** Jobs enqueued at once. The next sweep finds the orders that fall due after those. */
const enqueuedMax = 50_000;

/**
 * Enqueues an expiry job for each order that falls due before the sweep after next, delayed until its own instant.
 *
 * A job is enqueued shortly before it is due and not when the order opens. Most orders are paid long before, and Redis
 * would keep a timer for each until its payment window is over (48 hours, say).
 */
@Injectable()
export class ScheduleExpiries {
  constructor(
    private readonly orders: OrdersStore,
    private readonly jobs: Jobs,
    private readonly settings: SubscriptionsSettings,
    private readonly clock: Clock,
  ) {}

  /** Idempotent: each job has a deterministic id. @throws JobsUnavailable */
  async execute(): Promise<void> {
    const now = this.clock.now();
    const soon = await this.orders.fallingDue(
      now,
      now.add({ milliseconds: 2 * this.settings.sweepEveryMs }),
      enqueuedMax,
    );
    await this.jobs.enqueueMany(
      expireOrderJob,
      soon.map(({ id, expiresAt }) => ({
        data: { order_id: id },
        delayMs: expiresAt.since(now).total('milliseconds'),
      })),
    );
  }
}
