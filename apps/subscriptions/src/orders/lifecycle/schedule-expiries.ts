import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { defineJob } from '#jobs/job.js';
import { Jobs } from '#jobs/jobs.js';
import { Clock } from '#kernel/clock.js';
import { SubscriptionsSettings } from '../../subscriptions.config.js';
import { OrdersStore } from '../orders.store.js';

export const expireOrderJob = defineJob({
  name: 'subscriptions.expire-order',
  about: 'An order’s time to be paid for is over: if it is still opened, it expires and its seat is free again.',
  data: z.object({ order_id: z.uuid() }),
  id: ({ order_id: orderId }) => `expire-order-${orderId}`,
  attempts: 5,
  backoffMs: 1_000,
  concurrency: 100,
});

/** Orders whose jobs are asked for at once; what falls due after those is found by the next sweep. */
const soonMax = 50_000;

/**
 * Asks for the jobs that expire the orders which fall due before the sweep after next, each at its own instant.
 *
 * A job is asked for when its time is near, and not when the order is opened: most orders are paid long before, and a
 * timer for each would lie in Redis, which may not evict, until the payment window is over (48 hours, say).
 */
@Injectable()
export class ScheduleExpiries {
  constructor(
    private readonly orders: OrdersStore,
    private readonly jobs: Jobs,
    private readonly settings: SubscriptionsSettings,
    private readonly clock: Clock,
  ) {}

  /** Asked again for what was asked for already, it changes nothing. @throws JobsUnavailable */
  async execute(): Promise<void> {
    const now = this.clock.now();
    const soon = await this.orders.fallingDue(now, now.add({ milliseconds: 2 * this.settings.sweepEveryMs }), soonMax);
    await this.jobs.enqueueMany(
      expireOrderJob,
      soon.map(({ id, expiresAt }) => ({
        data: { order_id: id },
        delayMs: expiresAt.since(now).total('milliseconds'),
      })),
    );
  }
}
