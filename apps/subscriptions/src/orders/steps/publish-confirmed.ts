import { orderConfirmed } from '#contracts/orders.js';
import type { Cause } from '#messaging/envelope.js';
import { type NewEvent, newEvent } from '#messaging/publishing/outbox.js';
import type { ConfirmedOrder } from '../domain/order.js';
import { orderData } from '../order-view.js';

/** Of an order that waits for approval. One that closes in the same moment tells only that, which spares a message. */
export function orderConfirmedEvent(order: ConfirmedOrder, cause: Cause): NewEvent {
  const data = { ...orderData(order), confirmed_at: order.confirmedAt.toString() };
  return newEvent(orderConfirmed, { subject: order.id, data, cause });
}
