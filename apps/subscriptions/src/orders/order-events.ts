import type { z } from 'zod';
import {
  orderCancelled,
  orderClosed,
  orderConfirmed,
  orderExpired,
  orderOpened,
  orderReleased,
} from '#contracts/subscriptions/orders.js';
import type { Cause } from '#messaging/envelope.js';
import { type NewEvent, newEvent } from '#messaging/publishing/outbox.js';
import { totalOf } from '../classes/domain/discounted-price.js';
import {
  type CancelledOrder,
  type ClosedOrder,
  type ConfirmedOrder,
  type ExpiredOrder,
  type OpenedOrder,
  type Order,
  renews,
} from './domain/order.js';
import { discountLines } from './order-view.js';

/** An order after a change of its state, and the message that caused the change; none when a job did. */
export interface Changed<Kind extends Order = Order> {
  readonly order: Kind;
  readonly cause?: Cause | undefined;
}

/** The order waits for its money. */
export function openedEvent({ order, cause }: Changed<OpenedOrder>): NewEvent {
  return newEvent(orderOpened, { subject: order.id, data: orderData(order), cause });
}

/** The order waits for approval. An order that closes at once publishes its closing only, which saves a message. */
export function confirmedEvent({ order, cause }: Changed<ConfirmedOrder>): NewEvent {
  const data = { ...orderData(order), confirmed_at: order.confirmedAt.toString() };
  return newEvent(orderConfirmed, { subject: order.id, data, cause });
}

/** The person is in the class. */
export function closedEvent({ order, cause }: Changed<ClosedOrder>): NewEvent {
  const data = { ...orderData(order), closed_at: order.closedAt.toString() };
  return newEvent(orderClosed, { subject: order.id, data, cause });
}

/** The order will not close, and its seat is free again. */
export function endedEvent({ order, cause }: Changed<CancelledOrder | ExpiredOrder>): NewEvent {
  const data = { ...orderData(order), ended_at: order.endedAt.toString(), reason: order.endReason };
  const event = { subject: order.id, data, cause };
  return order.state === 'cancelled' ? newEvent(orderCancelled, event) : newEvent(orderExpired, event);
}

/** Money was reserved for an order that had ended: payments must void the reservation. */
export function releasedEvent(
  { order, cause }: Changed<CancelledOrder | ExpiredOrder>,
  releasedAt: Temporal.Instant,
): NewEvent {
  const data = { ...orderData(order), state: order.state, released_at: releasedAt.toString() };
  return newEvent(orderReleased, { subject: order.id, data, cause });
}

/** The members that every event of an order has. */
function orderData(order: Order): z.output<(typeof orderOpened)['data']> {
  return {
    order_id: order.id,
    person_id: order.personId,
    class_id: order.classId,
    amount_minor: order.amountMinor,
    ...(order.toleranceMinor > 0 && { tolerance_minor: order.toleranceMinor }),
    ...(order.discounts.length > 0 && {
      discount_minor: totalOf(order.discounts),
      discounts: discountLines(order),
    }),
    currency: order.currency,
    start_date: order.startDate.toString(),
    end_date: order.endDate?.toString() ?? null,
    opened_at: order.openedAt.toString(),
    ...(renews(order) && { subscription_id: order.subscriptionId, period: order.period }),
  };
}
