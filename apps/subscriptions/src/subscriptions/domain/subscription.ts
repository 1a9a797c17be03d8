import { assert } from '#kernel/assert.js';

/** `suspended`: a period is unpaid past its grace. */
export type SubscriptionState = 'active' | 'suspended' | 'ended';

/** `revoked`: the money of a period went back to its payer. */
export type EndReason = 'completed' | 'unpaid' | 'revoked';

/**
 * What a closed order began: the person's place in a class, period by period. active ⇄ suspended; both → ended. Every
 * function here is pure, and gives the subscription as it is afterwards.
 */
export interface Subscription {
  /** The id of the first order. Its terms price each period. */
  readonly id: string;
  readonly personId: string;
  readonly classId: string;
  readonly state: SubscriptionState;
  /** From 1; each change counts. */
  readonly version: number;
  /** The day from which the periods are counted; null where there is one period only. */
  readonly anchor: Temporal.PlainDate | null;
  /** The period whose order opens next; null after the last one. */
  readonly nextPeriod: number | null;
  /** When that order opens or, without one, the last day is over; null for never. */
  readonly nextAt: Temporal.Instant | null;
  /** When something has to be done next; null for never. */
  readonly dueAt: Temporal.Instant | null;
  /** The last day of the paid periods, included; null for an open end. */
  readonly paidThrough: Temporal.PlainDate | null;
  readonly startedAt: Temporal.Instant;
  readonly suspendedAt: Temporal.Instant | null;
  readonly endedAt: Temporal.Instant | null;
  /** Why it has ended, or will end with its last day. */
  readonly endReason: EndReason | null;
}

/** What the next change of a subscription is, and when. */
export type Next = Pick<Subscription, 'nextPeriod' | 'nextAt'>;

/** A first order that closed. */
interface FirstOrder {
  readonly id: string;
  readonly personId: string;
  readonly classId: string;
  readonly anchor: Temporal.PlainDate | null;
  readonly nextAt: Temporal.Instant | null;
  readonly endDate: Temporal.PlainDate | null;
  readonly closedAt: Temporal.Instant;
}

/** The subscription that a first order begins. */
export function beginSubscription(order: FirstOrder): Subscription {
  const { id, personId, classId, anchor, nextAt, endDate, closedAt } = order;
  const nextPeriod = anchor === null ? null : 1;
  const next = { nextPeriod, nextAt, dueAt: nextAt, paidThrough: endDate };
  const ending = { suspendedAt: null, endedAt: null, endReason: null };
  return { id, personId, classId, state: 'active', version: 1, anchor, ...next, startedAt: closedAt, ...ending };
}

/** The order of the next period has opened; `dueAt` is moved by `dueNext`. */
export function openedPeriod(subscription: Subscription, next: Next): Subscription {
  assert(subscription.state !== 'ended' && subscription.nextPeriod !== null, 'a period is due');
  return { ...subscription, ...next };
}

/** The person is out of the class until the unpaid period is paid. */
export function suspend(subscription: Subscription, now: Temporal.Instant): Subscription {
  if (subscription.state !== 'active') return subscription;
  return { ...subscription, state: 'suspended', suspendedAt: now };
}

/** What else is open of a subscription when one of its periods is paid. */
export interface Unpaid {
  readonly isOpen: boolean;
  /** Unpaid past its grace. */
  readonly isOverdue: boolean;
}

/**
 * A later period is paid. A suspended subscription is active again when no other period is overdue. With nothing open,
 * no step of dunning follows: the next change is that of `nextAt`, which is due at once where the last day is over.
 */
export function renew(
  subscription: Subscription,
  { endDate }: Pick<FirstOrder, 'endDate'>,
  { isOpen, isOverdue }: Unpaid,
): Subscription {
  assert(subscription.state !== 'ended', 'no order of an ended subscription is open');
  const { dueAt, nextAt } = subscription;
  const paidThrough = laterEnd(subscription.paidThrough, endDate);
  const paid = { ...subscription, paidThrough, dueAt: isOpen ? dueAt : nextAt };
  return isOverdue ? paid : { ...paid, state: 'active', suspendedAt: null };
}

/** No further period opens; the subscription ends with its last paid day, which is over at `lastDayOver`. */
export function stopRenewing(
  subscription: Subscription,
  reason: EndReason,
  lastDayOver: Temporal.Instant | null,
): Subscription {
  return { ...subscription, nextPeriod: null, nextAt: lastDayOver, dueAt: lastDayOver, endReason: reason };
}

/** The person leaves the class. The reason of an end that was decided before stays. */
export function endSubscription(subscription: Subscription, reason: EndReason, now: Temporal.Instant): Subscription {
  const endReason = subscription.endReason ?? reason;
  const nothing = { nextPeriod: null, nextAt: null, dueAt: null, suspendedAt: null };
  return { ...subscription, ...nothing, state: 'ended', endedAt: now, endReason };
}

/** The earliest of these instants; null where there is none. */
export function earliest(instants: readonly (Temporal.Instant | null)[]): Temporal.Instant | null {
  return instants.reduce((first, other) => {
    if (first === null || other === null) return first ?? other;
    return Temporal.Instant.compare(other, first) < 0 ? other : first;
  }, null);
}

function laterEnd(one: Temporal.PlainDate | null, other: Temporal.PlainDate | null): Temporal.PlainDate | null {
  if (one === null || other === null) return null;
  return Temporal.PlainDate.compare(one, other) < 0 ? other : one;
}
