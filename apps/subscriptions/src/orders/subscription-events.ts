import {
  renewalReminded,
  subscriptionEnded,
  subscriptionRenewed,
  subscriptionResumed,
  subscriptionSuspended,
} from '#contracts/subscriptions/subscriptions.js';
import { assert } from '#kernel/assert.js';
import type { Cause } from '#messaging/envelope.js';
import { type NewEvent, newEvent } from '#messaging/publishing/outbox.js';
import type { Subscription } from '../subscriptions/domain/subscription.js';
import type { ClosedOrder, OpenedOrder, Order } from './domain/order.js';

/** A later period was paid. */
interface Renewal {
  readonly before: Subscription;
  readonly after: Subscription;
  readonly order: ClosedOrder;
  readonly now: Temporal.Instant;
  readonly cause?: Cause | undefined;
}

/** The period is paid; a suspended subscription may be active again by that. */
export function renewedEvents({ before, after, order, now, cause }: Renewal): NewEvent[] {
  const { id: subject } = after;
  const days = { start_date: order.startDate.toString(), end_date: order.endDate?.toString() ?? null };
  const data = { ...subscriptionData(after), ...periodData(order), ...days };
  const paidThrough = { paid_through: after.paidThrough?.toString() ?? null, renewed_at: now.toString() };
  const renewed = newEvent(subscriptionRenewed, { subject, data: { ...data, ...paidThrough }, cause });
  if (before.state !== 'suspended' || after.state !== 'active') return [renewed];
  assert(before.suspendedAt, 'a suspended subscription has the instant of its suspension');
  const between = { suspended_at: before.suspendedAt.toString(), resumed_at: now.toString() };
  return [renewed, newEvent(subscriptionResumed, { subject, data: { ...data, ...between }, cause })];
}

/** The person has to pay the period. */
export function remindedEvent(subscription: Subscription, order: OpenedOrder, now: Temporal.Instant): NewEvent {
  const data = { ...subscriptionData(subscription), ...unpaidData(order), reminded_at: now.toString() };
  return newEvent(renewalReminded, { subject: subscription.id, data });
}

/** The person is out of the class until the period is paid. */
export function suspendedEvent(subscription: Subscription, order: OpenedOrder, now: Temporal.Instant): NewEvent {
  const data = { ...subscriptionData(subscription), ...unpaidData(order), suspended_at: now.toString() };
  return newEvent(subscriptionSuspended, { subject: subscription.id, data });
}

/** The person is out of the class. */
export function subscriptionEndedEvent(end: {
  readonly subscription: Subscription;
  readonly cause?: Cause | undefined;
}): NewEvent {
  const { subscription, cause } = end;
  assert(subscription.endedAt && subscription.endReason, 'an ended subscription has the reason and instant of its end');
  const ending = { ended_at: subscription.endedAt.toString(), reason: subscription.endReason };
  const data = { ...subscriptionData(subscription), ...ending };
  return newEvent(subscriptionEnded, { subject: subscription.id, data, cause });
}

function subscriptionData({ id, personId, classId }: Subscription) {
  return { subscription_id: id, person_id: personId, class_id: classId };
}

function periodData({ id, period, amountMinor, currency }: Order) {
  return { order_id: id, period, amount_minor: amountMinor, currency };
}

function unpaidData(order: OpenedOrder) {
  assert(order.dueDate && order.expiresAt, 'a later period that is not paid has a due date and a last instant');
  const suspension = order.dunning.find(({ step }) => step === 'suspend')?.at;
  const schedule = { due_date: order.dueDate.toString(), suspends_at: suspension?.toString() ?? null };
  return { ...periodData(order), ...schedule, ends_at: order.expiresAt.toString() };
}
