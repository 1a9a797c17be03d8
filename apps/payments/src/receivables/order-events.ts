import type { DataOf } from '#contracts/contract.js';
import type { orderOpened } from '#contracts/subscriptions/orders.js';
import type { Envelope } from '#messaging/envelope.js';
import type { MovementCause } from '../ledger/cause.js';

/**
 * An event of an order. Each event carries all of the order and proves that its person exists, so any of them can be
 * the first that adds its receivable.
 */
export interface OrderEvent {
  readonly orderId: string;
  readonly personId: string;
  readonly classId: string;
  readonly amountMinor: number;
  readonly currency: string;
  /** What may be missing of the amount when money reaches the order. */
  readonly toleranceMinor: number;
  readonly openedAt: Temporal.Instant;
  /** Why the order ended, if it did. */
  readonly reason?: string;
  readonly cause: MovementCause;
}

/** What every event of an order carries, as the receivables take it. */
export function orderEventOf(envelope: Envelope<DataOf<typeof orderOpened>>, reason?: string): OrderEvent {
  const { data } = envelope;
  return {
    orderId: data.order_id,
    personId: data.person_id,
    classId: data.class_id,
    amountMinor: data.amount_minor,
    currency: data.currency,
    toleranceMinor: data.tolerance_minor ?? 0,
    openedAt: Temporal.Instant.from(data.opened_at),
    reason,
    cause: envelope,
  };
}
