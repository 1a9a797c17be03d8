import type { DataOf } from '#contracts/contract.js';
import type { orderOpened } from '#contracts/orders.js';
import type { Envelope } from '#messaging/envelope.js';
import type { OrderEvent } from './project-orders.js';

/** What every event of an order says of it, as the ledger takes it. */
export function orderEventOf(envelope: Envelope<DataOf<typeof orderOpened>>, reason?: string): OrderEvent {
  const { data } = envelope;
  return {
    orderId: data.order_id,
    personId: data.person_id,
    classId: data.class_id,
    amountMinor: data.amount_minor,
    currency: data.currency,
    openedAt: Temporal.Instant.from(data.opened_at),
    reason,
    cause: envelope,
  };
}
