import type { Selectable } from 'kysely';
import { assert } from '#kernel/assert.js';
import type { TypedTable } from '#persistence/entities/typed-queries.js';
import type { Order } from './domain/order.js';
import type { OrderEntity } from './order.entity.js';

/** A row of `orders`; a check constraint ties its instants to its state. */
type OrderRow = Selectable<TypedTable<typeof OrderEntity>>;

/** The columns that change with the state of an order. All others hold the terms and never change. */
type StateColumns = Pick<
  OrderRow,
  'state' | 'transferId' | 'confirmedAt' | 'closedAt' | 'settledAt' | 'endedAt' | 'endReason'
>;

/** The columns that `save` writes. */
export function stateColumnsOf(order: Order): StateColumns {
  const confirmation = 'confirmedAt' in order ? order : 'confirmation' in order ? order.confirmation : null;
  return {
    state: order.state,
    transferId: confirmation?.transferId ?? null,
    confirmedAt: confirmation?.confirmedAt ?? null,
    closedAt: 'closedAt' in order ? order.closedAt : null,
    settledAt: 'settledAt' in order ? order.settledAt : null,
    endedAt: 'endedAt' in order ? order.endedAt : null,
    endReason: 'endReason' in order ? order.endReason : null,
  };
}

/** All columns of a new order. */
export function rowOf(order: Order): OrderRow {
  const discounts = order.discounts.map(({ code, discountMinor, explanation, redemptionId }) => {
    return { code, discount_minor: discountMinor, explanation, redemption_id: redemptionId };
  });
  const dunning = order.dunning.map(({ step, at }) => ({ step, at: at.toString() }));
  return { ...order, discounts, dunning, ...stateColumnsOf(order) };
}

/** The order of a row. */
export function orderOf(row: OrderRow): Order {
  const { state, transferId, confirmedAt, closedAt, settledAt, endedAt, endReason, ...columns } = row;
  const discounts = columns.discounts.map(
    ({ code, discount_minor: discountMinor, explanation, redemption_id: redemptionId }) => {
      return { code, discountMinor, explanation, redemptionId };
    },
  );
  const dunning = columns.dunning.map(({ step, at }) => ({ step, at: Temporal.Instant.from(at) }));
  const terms = { ...columns, discounts, dunning };
  switch (state) {
    case 'opened':
      return { ...terms, state };
    case 'confirmed':
      return { ...terms, state, confirmedAt: present(confirmedAt), transferId };
    case 'closed':
      return {
        ...terms,
        state,
        confirmedAt: present(confirmedAt),
        transferId,
        closedAt: present(closedAt),
        settledAt,
      };
    case 'cancelled':
      return {
        ...terms,
        state,
        confirmation: confirmedAt && { confirmedAt, transferId },
        endedAt: present(endedAt),
        endReason: present(endReason),
      };
    case 'expired':
      return { ...terms, state, endedAt: present(endedAt), endReason: present(endReason) };
  }
}

/** The check constraint of the table guarantees it. */
function present<Value>(value: Value | null): Value {
  assert(value !== null, 'an order has the columns of its state');
  return value;
}
