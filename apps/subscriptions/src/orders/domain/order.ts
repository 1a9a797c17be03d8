import { assert } from '#kernel/assert.js';
import { Refusal } from '#kernel/refusal.js';
import type { RepeatEnrolment } from '../../classes/domain/class.js';
import type { Discount } from '../../classes/domain/discounted-price.js';
import type { ParameterValues, TraceStep } from '../../rules/domain/methods/method.js';

/**
 * The states of an order: opened → confirmed → closed; opened → cancelled | expired; confirmed → cancelled.
 * A free order is confirmed when it opens. Every function here is pure: it takes an order, a command and an instant,
 * and returns the next state or throws a Refusal.
 */
export type Order = OpenedOrder | ConfirmedOrder | ClosedOrder | CancelledOrder | ExpiredOrder;
export type OrderState = Order['state'];

/** What follows at an instant when the order of a later period is not paid by then. */
export interface Dunning {
  readonly step: 'remind' | 'suspend';
  readonly at: Temporal.Instant;
}

/** The place of an order in its subscription. */
interface SubscriptionPeriod {
  /** The subscription that the order begins or renews: the id of its first order. */
  readonly subscriptionId: string;
  /** From 0, without gaps. */
  readonly period: number;
  /** Whether its closing enrols the person. An instalment only keeps the days of the first period. */
  readonly enrols: boolean;
  /** Of a first order: the day from which later periods are counted; null where none follows. */
  readonly anchor: Temporal.PlainDate | null;
  /** Of a first order: when the next period opens or, without one, the last day is over; null for never. */
  readonly nextAt: Temporal.Instant | null;
  /** Of a later period: the day on which it has to be paid. */
  readonly dueDate: Temporal.PlainDate | null;
  /** Of a later period, in the order of the instants. Its end follows when the order expires. */
  readonly dunning: readonly Dunning[];
}

/** The terms agreed at the opening. They never change, even when the class or its rule does. */
export interface OrderTerms extends SubscriptionPeriod {
  readonly id: string;
  readonly personId: string;
  readonly classId: string;
  readonly ruleId: string;
  readonly ruleVersion: number;
  /** The parameter values of the quote, defaults included. */
  readonly parameters: ParameterValues;
  readonly trace: readonly TraceStep[];
  /** Discounts off the price that the rule computed. */
  readonly discounts: readonly Discount[];
  /** The amount to pay: the price less the discounts. */
  readonly amountMinor: number;
  /** What may be missing of the amount when the order is paid: less than the amount, and nothing of a free order. */
  readonly toleranceMinor: number;
  readonly currency: string;
  /** Calendar days of the class's zone, both included; an open end is null. */
  readonly startDate: Temporal.PlainDate;
  readonly endDate: Temporal.PlainDate | null;
  readonly approvalRequired: boolean;
  /** The expired order whose late payment opened this one. */
  readonly replacesOrderId: string | null;
  /** Whether the order may enrol a person who is in the class already. */
  readonly repeatEnrolment: RepeatEnrolment;
  readonly openedAt: Temporal.Instant;
  /** End of the payment window; null for a free order. */
  readonly expiresAt: Temporal.Instant | null;
}

export interface OpenedOrder extends OrderTerms {
  readonly state: 'opened';
}

/** The money is reserved, or the order is free. */
interface Confirmation {
  readonly confirmedAt: Temporal.Instant;
  /** The pending transfer in the ledger; null for a free order. */
  readonly transferId: string | null;
}

export interface ConfirmedOrder extends OrderTerms, Confirmation {
  readonly state: 'confirmed';
}

/** The person is in the class. */
export interface ClosedOrder extends OrderTerms, Confirmation {
  readonly state: 'closed';
  readonly closedAt: Temporal.Instant;
  /** When the money reached the class account; null until then, and always null for a free order. */
  readonly settledAt: Temporal.Instant | null;
}

interface Ending {
  readonly endedAt: Temporal.Instant;
  readonly endReason: string;
}

export interface CancelledOrder extends OrderTerms, Ending {
  readonly state: 'cancelled';
  /** Set when the order was confirmed before it was cancelled. */
  readonly confirmation: Confirmation | null;
}

export interface ExpiredOrder extends OrderTerms, Ending {
  readonly state: 'expired';
}

/** A new order: opened, or already confirmed when it is free. */
export function openOrder(terms: OrderTerms): OpenedOrder | ConfirmedOrder {
  assert(
    (terms.amountMinor === 0) === (terms.expiresAt === null),
    'an order has a payment window exactly when it costs something',
  );
  if (terms.amountMinor > 0) return { ...terms, state: 'opened' };
  return { ...terms, state: 'confirmed', confirmedAt: terms.openedAt, transferId: null };
}

/** A reservation that payments made for an order. */
export interface Funding {
  readonly orderId: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly transferId: string;
}

/** The outcome of a reservation. */
export type Funded =
  | { readonly outcome: 'confirmed'; readonly order: ConfirmedOrder }
  /** The same reservation confirmed the order before: a repeated message. */
  | { readonly outcome: 'repeated' }
  /** The order had ended when the money was reserved: payments must void the reservation. */
  | { readonly outcome: 'released'; readonly order: CancelledOrder | ExpiredOrder };

/**
 * Applies a reservation to its order.
 * @throws BrokenInvariant when the amount differs, or when another reservation confirmed the order
 */
export function fundOrder(order: Order, funding: Funding, now: Temporal.Instant): Funded {
  assert(
    order.amountMinor === funding.amountMinor && order.currency === funding.currency,
    `the money reserved for order ${order.id} is its amount`,
  );
  switch (order.state) {
    case 'opened': {
      const confirmed = { ...order, state: 'confirmed', confirmedAt: now, transferId: funding.transferId } as const;
      return { outcome: 'confirmed', order: confirmed };
    }
    case 'confirmed':
    case 'closed':
      assert(order.transferId === funding.transferId, `order ${order.id} is paid for once`);
      return { outcome: 'repeated' };
    case 'cancelled':
    case 'expired':
      return { outcome: 'released', order };
  }
}

/** The person joins the class. */
export function completeOrder(order: ConfirmedOrder, now: Temporal.Instant): ClosedOrder {
  return { ...order, state: 'closed', closedAt: now, settledAt: null };
}

/** Whether a confirmed order closes without an approval. */
export function completesItself(order: ConfirmedOrder): boolean {
  return !order.approvalRequired;
}

/** An admin admits the person to the class. @throws Refusal ORDER_NOT_CONFIRMED */
export function approveOrder(order: Order, now: Temporal.Instant): ClosedOrder {
  if (order.state === 'confirmed') return completeOrder(order, now);
  throw new Refusal('ORDER_NOT_CONFIRMED', `The order is ${order.state}; only a confirmed one can be approved.`, {
    state: order.state,
  });
}

/**
 * The person or an admin cancels the order. A cancelled order is returned as it is.
 * @throws Refusal ORDER_NOT_CANCELLABLE
 */
export function cancelOrder(order: Order, reason: string, now: Temporal.Instant): CancelledOrder {
  if (renews(order) && order.state !== 'cancelled') {
    const says = 'The order renews a subscription, and expires when that ends.';
    throw new Refusal('ORDER_NOT_CANCELLABLE', says, { state: order.state });
  }
  return cancelled(order, reason, now);
}

/** @throws Refusal ORDER_NOT_CANCELLABLE */
function cancelled(order: Order, reason: string, now: Temporal.Instant): CancelledOrder {
  switch (order.state) {
    case 'cancelled':
      return order;
    case 'opened':
      return { ...order, state: 'cancelled', confirmation: null, endedAt: now, endReason: reason };
    case 'confirmed': {
      const { confirmedAt, transferId, ...terms } = order;
      const confirmation = { confirmedAt, transferId };
      return { ...terms, state: 'cancelled', confirmation, endedAt: now, endReason: reason };
    }
    case 'closed':
    case 'expired':
      throw new Refusal('ORDER_NOT_CANCELLABLE', `The order is ${order.state} and cannot be cancelled.`, {
        state: order.state,
      });
  }
}

/**
 * Cancels an order whose money went back to the payer; null when the order is closed or has ended already.
 * An opened order can be revoked before its funding message arrives; that message then releases the reservation.
 */
export function revokeOrder(order: Order, reason: string, now: Temporal.Instant): CancelledOrder | null {
  if (order.state !== 'opened' && order.state !== 'confirmed') return null;
  return cancelled(order, reason, now);
}

/** Expires an opened order whose payment window is over; otherwise null. */
export function expireOrder(order: Order, now: Temporal.Instant): ExpiredOrder | null {
  if (order.state !== 'opened' || order.expiresAt === null) return null;
  if (Temporal.Instant.compare(order.expiresAt, now) > 0) return null;
  return { ...order, state: 'expired', endedAt: now, endReason: 'No payment came in time.' };
}

/**
 * Records that the class account received the money; null when it is recorded already.
 * @throws BrokenInvariant when the order is not closed: only closed orders are settled
 */
export function settleOrder(order: Order, settledAt: Temporal.Instant): ClosedOrder | null {
  assert(order.state === 'closed', `order ${order.id} is closed when it is settled`);
  return order.settledAt ? null : { ...order, settledAt };
}

/** Cancels an open order of a later period, because its subscription ends. */
export function cancelRenewal(order: OpenedOrder, reason: string, now: Temporal.Instant): CancelledOrder {
  assert(renews(order), 'the order is of a later period');
  return cancelled(order, reason, now);
}

/** Whether a later period is unpaid past its grace. */
export function isOverdue({ dunning }: OrderTerms, now: Temporal.Instant): boolean {
  return dunning.some(({ step, at }) => step === 'suspend' && Temporal.Instant.compare(at, now) <= 0);
}

/** Whether the order renews a subscription. */
export function renews({ period }: Pick<OrderTerms, 'period'>): boolean {
  return period > 0;
}

/** No order has the id, or the order belongs to another person. */
export function orderNotFound(): Refusal {
  return new Refusal('ORDER_NOT_FOUND', 'There is no such order.', { field: 'order_id' });
}
