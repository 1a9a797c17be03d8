import { assert } from '#kernel/assert.js';
import { Refusal } from '#kernel/refusal.js';
import type { ParameterValues, TraceStep } from '../../rules/domain/methods/method.js';

/**
 * An order: opened → confirmed → closed, or it ends: opened → cancelled | expired, confirmed → cancelled.
 * An order of nothing walks the same way in one moment. Everything here is pure: an order and what happens to it give
 * the order as it is afterwards, or a refusal.
 */
export type Order = OpenedOrder | ConfirmedOrder | ClosedOrder | CancelledOrder | ExpiredOrder;
export type OrderState = Order['state'];

/** What one promo code took off an order, as promotions has decided it. */
export interface Discount {
  readonly code: string;
  readonly discountMinor: number;
  /** For people to read. */
  readonly explanation: string;
}

/** What was agreed when the order was opened. None of it ever changes, whatever becomes of its class or rule. */
export interface OrderTerms {
  readonly id: string;
  readonly personId: string;
  readonly classId: string;
  readonly ruleId: string;
  readonly ruleVersion: number;
  /** The values that the rule was computed with, defaults included. */
  readonly parameters: ParameterValues;
  readonly trace: readonly TraceStep[];
  /** What promo codes took off the price that the rule computed. */
  readonly discounts: readonly Discount[];
  /** What is to be paid: the price less the discounts. */
  readonly amountMinor: number;
  readonly currency: string;
  /** Calendar days of the class's zone, both included; an open end is null. */
  readonly startDate: Temporal.PlainDate;
  readonly endDate: Temporal.PlainDate | null;
  readonly approvalRequired: boolean;
  readonly openedAt: Temporal.Instant;
  /** Until when it waits for its money; null when it waits for none. */
  readonly expiresAt: Temporal.Instant | null;
}

export interface OpenedOrder extends OrderTerms {
  readonly state: 'opened';
}

/** Its money is reserved, or it costs nothing. It waits for an approval, or is closed in the same moment. */
interface Confirmation {
  readonly confirmedAt: Temporal.Instant;
  /** The reservation in the ledger; null when there was nothing to pay. */
  readonly transferId: string | null;
}

export interface ConfirmedOrder extends OrderTerms, Confirmation {
  readonly state: 'confirmed';
}

/** The person is in the class. */
export interface ClosedOrder extends OrderTerms, Confirmation {
  readonly state: 'closed';
  readonly closedAt: Temporal.Instant;
  /** When the money stood on the class's account; null until then, and for ever when there was nothing to pay. */
  readonly settledAt: Temporal.Instant | null;
}

interface Ending {
  readonly endedAt: Temporal.Instant;
  readonly endReason: string;
}

export interface CancelledOrder extends OrderTerms, Ending {
  readonly state: 'cancelled';
  /** Set when it had been confirmed before. */
  readonly confirmation: Confirmation | null;
}

export interface ExpiredOrder extends OrderTerms, Ending {
  readonly state: 'expired';
}

/** An order that costs nothing needs nobody's money to be confirmed. */
export function openOrder(terms: OrderTerms): OpenedOrder | ConfirmedOrder {
  assert((terms.amountMinor === 0) === (terms.expiresAt === null), 'exactly the orders that wait for money expire');
  if (terms.amountMinor > 0) return { ...terms, state: 'opened' };
  return { ...terms, state: 'confirmed', confirmedAt: terms.openedAt, transferId: null };
}

/** What discounts take off in all. */
export function totalOf(discounts: readonly Discount[]): number {
  return discounts.reduce((sum, { discountMinor }) => sum + discountMinor, 0);
}

/** Money that payments has reserved for this order. */
export interface Funding {
  readonly orderId: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly transferId: string;
}

export type Funded =
  | { readonly outcome: 'confirmed'; readonly order: ConfirmedOrder }
  /** This reservation has confirmed the order before: a repeat. */
  | { readonly outcome: 'already' }
  /** The order had ended when the money came: the reservation has to be given back. */
  | { readonly outcome: 'released'; readonly order: CancelledOrder | ExpiredOrder };

/**
 * What money does to an order.
 * @throws BrokenInvariant when the money is not this order's: another amount, or a second reservation
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
      return { outcome: 'already' };
    case 'cancelled':
    case 'expired':
      return { outcome: 'released', order };
  }
}

/** The person joins the class. */
export function completeOrder(order: ConfirmedOrder, now: Temporal.Instant): ClosedOrder {
  return { ...order, state: 'closed', closedAt: now, settledAt: null };
}

/** Whether an order that was just confirmed closes by itself. */
export function completesItself(order: ConfirmedOrder): boolean {
  return !order.approvalRequired;
}

/** An admin lets the person in. @throws Refusal ORDER_NOT_CONFIRMED */
export function approveOrder(order: Order, now: Temporal.Instant): ClosedOrder {
  if (order.state === 'confirmed') return completeOrder(order, now);
  throw new Refusal('ORDER_NOT_CONFIRMED', `The order is ${order.state}; only a confirmed one can be approved.`, {
    state: order.state,
  });
}

/**
 * The person, or an admin, does not want it any more. A cancelled order stays as it is.
 * @throws Refusal ORDER_NOT_CANCELLABLE
 */
export function cancelOrder(order: Order, reason: string, now: Temporal.Instant): CancelledOrder {
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
 * Its money went back to the payer. Null when it is too late: the person is in the class, or the order has ended. One
 * that is still opened has its money and has not heard of it yet; when it does, it gives it back.
 */
export function revokeOrder(order: Order, reason: string, now: Temporal.Instant): CancelledOrder | null {
  if (order.state !== 'opened' && order.state !== 'confirmed') return null;
  return cancelOrder(order, reason, now);
}

/** Its time to be paid for is over; null when it is not, or when the order no longer waits for money. */
export function expireOrder(order: Order, now: Temporal.Instant): ExpiredOrder | null {
  if (order.state !== 'opened' || order.expiresAt === null) return null;
  if (Temporal.Instant.compare(order.expiresAt, now) > 0) return null;
  return { ...order, state: 'expired', endedAt: now, endReason: 'No payment came in time.' };
}

/**
 * The class's account has the money; null when that is known already.
 * @throws BrokenInvariant when the order is not closed: money moves to a class for nobody else
 */
export function settleOrder(order: Order, settledAt: Temporal.Instant): ClosedOrder | null {
  assert(order.state === 'closed', `order ${order.id} is closed when it is settled`);
  return order.settledAt ? null : { ...order, settledAt };
}

export function orderNotFound(): Refusal {
  return new Refusal('ORDER_NOT_FOUND', 'There is no such order.', { field: 'order_id' });
}
