import type { z } from 'zod';
import type {
  subscriptionDetails as detailsContract,
  subscriptionPeriod as periodContract,
  subscriptionView as subscriptionContract,
} from '#contracts/subscriptions/subscriptions.js';
import { explainDiscounted } from '../classes/domain/discounted-price.js';
import type { Order } from '../orders/domain/order.js';
import type { Subscription } from '../subscriptions/domain/subscription.js';
import { subscriptionWaitOf } from './domain/subscription-wait.js';

export type SubscriptionView = z.output<typeof subscriptionContract>;
export type SubscriptionDetails = z.output<typeof detailsContract>;

/** A subscription with the names that people call its class and its person by. */
export interface NamedSubscription {
  readonly subscription: Subscription;
  readonly classTitle: string;
  readonly timeZone: string;
  readonly personName: string;
}

/** The subscription as its person sees it, and with the name of the person as admins and operators do. */
export function subscriptionView(named: NamedSubscription, visibleTo: string | null): SubscriptionView {
  const { subscription, classTitle, personName } = named;
  return {
    subscription_id: subscription.id,
    person_id: subscription.personId,
    ...(visibleTo === null && { person_name: personName }),
    class_id: subscription.classId,
    class_title: classTitle,
    state: subscription.state,
    paid_through: subscription.paidThrough?.toString() ?? null,
    next_period: subscription.nextPeriod,
    next_at: subscription.nextAt?.toString() ?? null,
    due_at: subscription.dueAt?.toString() ?? null,
    started_at: subscription.startedAt.toString(),
    suspended_at: subscription.suspendedAt?.toString() ?? null,
    ended_at: subscription.endedAt?.toString() ?? null,
    end_reason: subscription.endReason,
  };
}

/** The subscription with its periods, the first one first, and what it waits for. */
export function subscriptionDetails(
  named: NamedSubscription,
  orders: readonly Order[],
  visibleTo: string | null,
): SubscriptionDetails {
  const { subscription, timeZone } = named;
  const wait = subscriptionWaitOf(subscription, orders);
  return {
    ...subscriptionView(named, visibleTo),
    waits_for: wait?.for ?? null,
    wait_explanation: wait?.explanation ?? null,
    time_zone: timeZone,
    anchor: subscription.anchor?.toString() ?? null,
    periods: orders.map(periodView),
  };
}

function periodView(order: Order): z.output<typeof periodContract> {
  const steps = order.dunning.map(({ step, at }) => ({ step, at: at.toString() }));
  const end = order.period > 0 && order.expiresAt ? [{ step: 'end' as const, at: order.expiresAt.toString() }] : [];
  return {
    period: order.period,
    order_id: order.id,
    state: order.state,
    amount_minor: order.amountMinor,
    currency: order.currency,
    start_date: order.startDate.toString(),
    end_date: order.endDate?.toString() ?? null,
    due_date: order.dueDate?.toString() ?? null,
    opened_at: order.openedAt.toString(),
    closed_at: order.state === 'closed' ? order.closedAt.toString() : null,
    dunning: [...steps, ...end],
    trace: order.trace.map((step) => ({ ...step })),
    explanation: explainDiscounted(order, order.discounts, order),
  };
}
