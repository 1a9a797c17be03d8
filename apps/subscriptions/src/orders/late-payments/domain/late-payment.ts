import type { Refusal } from '#kernel/refusal.js';
import type { PublishedClass } from '../../../classes/domain/class.js';
import { hasEnded } from '../../../rules/domain/methods/calendar.js';
import { type CancelledOrder, type ExpiredOrder, type Order, renews } from '../../domain/order.js';

/** A payment that names an order. */
export interface NamingPayment {
  readonly paymentId: string;
  readonly orderId: string;
  readonly personId: string;
  readonly amountMinor: number;
  readonly currency: string;
  /** What the person can spend after the payment; null when the money was reserved for this order. */
  readonly availableMinor: number | null;
  /** When the money was received, as far as it is known; else when it was registered. */
  readonly receivedAt: Temporal.Instant;
  /** When the person got it: at its registration, when it left suspense, or when an admin corrected it. */
  readonly creditedAt: Temporal.Instant;
}

/** A payment whose order had ended before the money came. */
export interface LatePayment extends NamingPayment {
  readonly id: string;
  readonly recordedAt: Temporal.Instant;
}

/** What became of a late payment: another order, or the person's credit and the reason for that. */
export type LateOutcome =
  | { readonly outcome: 'reopened'; readonly replacementOrderId: string }
  | { readonly outcome: 'credited'; readonly reason: CreditReason };

/** Why a late payment stays credit: a stable code, and a sentence for people. A refusal of an order is one, too. */
export type CreditReason = Pick<Refusal, 'code' | 'message'>;

export type LateOutcomeName = LateOutcome['outcome'];

/** An order that ended before its money came. */
export type EndedOrder = CancelledOrder | ExpiredOrder;

/** Whether the order ended before this money of its person came. */
export function isLate(order: Order | undefined, { personId }: NamingPayment): order is EndedOrder {
  return order?.personId === personId && (order.state === 'cancelled' || order.state === 'expired');
}

/**
 * The reason why a late payment stays credit, or null when the expired order may be replaced. Money that was received
 * within the payment window is late by bookkeeping only: neither the setting of the class nor the time counts then.
 * Codes: SUBSCRIPTION_ENDED, CURRENCY_MISMATCH, NOT_COVERED, LATE_PAYMENT_CREDITED, LATE_PAYMENT_TOO_LATE, CLASS_ENDED.
 */
export function creditReason(
  order: ExpiredOrder,
  payment: NamingPayment,
  published: PublishedClass,
  { now, lateDays }: { readonly now: Temporal.Instant; readonly lateDays: number },
): CreditReason | null {
  if (renews(order)) return { code: 'SUBSCRIPTION_ENDED', message: 'The subscription ended when its order expired.' };
  if (order.currency !== payment.currency) {
    return { code: 'CURRENCY_MISMATCH', message: `The order is in ${order.currency}.` };
  }
  if (!isCovered(order, payment)) {
    return { code: 'NOT_COVERED', message: 'The available balance does not cover the order.' };
  }
  if (hasEnded({ endDate: order.endDate, timeZone: published.timeZone }, now)) {
    return { code: 'CLASS_ENDED', message: `The class ended on ${order.endDate}.` };
  }
  return lateness(order, payment, published, lateDays);
}

/** Money for a cancelled order stays credit. */
export const orderCancelled: CreditReason = { code: 'ORDER_CANCELLED', message: 'The order was cancelled.' };

/** An earlier payment has opened another order in place of the expired one. */
export const orderReplaced: CreditReason = {
  code: 'ORDER_REPLACED',
  message: 'An earlier payment has replaced the order already.',
};

/** Whether the payment may replace the order, as far as both alone decide it. */
export function mayReplace(order: EndedOrder, payment: NamingPayment): order is ExpiredOrder {
  return (
    order.state === 'expired' && !renews(order) && order.currency === payment.currency && isCovered(order, payment)
  );
}

function isCovered({ amountMinor, toleranceMinor }: EndedOrder, { availableMinor }: NamingPayment): boolean {
  return availableMinor === null || availableMinor >= amountMinor - toleranceMinor;
}

function lateness(
  { expiresAt }: EndedOrder,
  { receivedAt }: NamingPayment,
  { latePayment }: PublishedClass,
  lateDays: number,
): CreditReason | null {
  if (expiresAt === null || Temporal.Instant.compare(receivedAt, expiresAt) <= 0) return null;
  if (latePayment === 'credit') {
    return { code: 'LATE_PAYMENT_CREDITED', message: 'The class keeps late payments as credit.' };
  }
  if (Temporal.Instant.compare(receivedAt, expiresAt.add({ hours: 24 * lateDays })) <= 0) return null;
  return {
    code: 'LATE_PAYMENT_TOO_LATE',
    message: `The money came more than ${lateDays} days after the order expired.`,
  };
}
