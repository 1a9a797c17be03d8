import { newId } from '#kernel/ids.js';
import type { PublishedClass } from '../../classes/domain/class.js';
import { completeOrder, type Order, openOrder } from '../../orders/domain/order.js';
import { lastDay, type Schedule } from '../../subscriptions/domain/schedule.js';
import type { Subscription } from '../../subscriptions/domain/subscription.js';
import type { Opening } from './advance.js';

/** What prices the periods of a subscription. */
export interface RenewalTerms {
  /** Its first order: rule, version and parameters of each period are those of it. */
  readonly first: Order;
  readonly published: PublishedClass;
  readonly schedule: Schedule;
}

/**
 * Opens the order of the next period by the pinned version of the rule. It has the seat of the subscription, so it
 * opens in a full class, and needs no approval: the person is in the class. A free period closes at once.
 */
export function openRenewal(
  subscription: Subscription,
  { first, published, schedule }: RenewalTerms,
  now: Temporal.Instant,
): Opening {
  const { id: subscriptionId, nextPeriod, paidThrough } = subscription;
  const period = nextPeriod === null ? null : schedule.period(nextPeriod);
  if (nextPeriod === null || period === null) return { order: null, next: lastDay(paidThrough, published) };
  const { amountMinor, startDate, endDate, trace } = period;
  const { dueDate, dunning, expiresAt } = schedule.payment(period, now, published.paymentWindowHours);
  const { personId, classId, ruleId, ruleVersion, parameters, currency, repeatEnrolment } = first;
  const opened = openOrder({
    ...{ id: newId(), personId, classId, ruleId, ruleVersion, parameters, currency, repeatEnrolment, trace },
    ...{ subscriptionId, period: nextPeriod, enrols: schedule.hasOwnDays(nextPeriod, period), dueDate },
    ...{ anchor: null, nextAt: null, discounts: [], approvalRequired: false, replacesOrderId: null },
    ...{ amountMinor, startDate, endDate, openedAt: now },
    toleranceMinor: Math.max(0, Math.min(published.paymentToleranceMinor, amountMinor - 1)),
    dunning: amountMinor === 0 ? [] : dunning,
    expiresAt: amountMinor === 0 ? null : expiresAt,
  });
  const order = opened.state === 'confirmed' ? completeOrder(opened, now) : opened;
  return { order, next: schedule.after(nextPeriod, endDate) };
}
