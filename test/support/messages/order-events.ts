import type { DataOf } from '#contracts/contract.js';
import type { orderClosed, orderOpened } from '#contracts/subscriptions/orders.js';
import { newId } from '#kernel/ids.js';

/** The data of `order-opened`: some person, some class and 5.00 EUR, unless `details` say otherwise. */
export function someOrder(details: Partial<DataOf<typeof orderOpened>> = {}): DataOf<typeof orderOpened> {
  return {
    order_id: newId(),
    person_id: newId(),
    class_id: newId(),
    amount_minor: 500,
    currency: 'EUR',
    start_date: '2026-03-02',
    end_date: null,
    opened_at: '2026-03-02T09:00:00Z',
    ...details,
  };
}

/** The data of order-closed, with the same defaults. */
export function closedOrder(details: Partial<DataOf<typeof orderClosed>> = {}): DataOf<typeof orderClosed> {
  return { ...someOrder(), closed_at: '2026-03-02T09:00:00Z', ...details };
}
