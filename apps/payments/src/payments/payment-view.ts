import { sql } from 'kysely';
import type { ResponseOf } from '#contracts/contract.js';
import type { listUnmatchedPayments, registerPayment } from '#contracts/payments/payments.js';
import { isId } from '#kernel/ids.js';
import type { Typed } from '#persistence/transaction.js';
import { TransferEntity } from '../ledger/transfer.entity.js';
import { PaymentEntity } from '../payment-rows/payment.entity.js';

export type PaymentView = ResponseOf<typeof registerPayment>;
type UnmatchedPayment = ResponseOf<typeof listUnmatchedPayments>['items'][number];

type Payments = ReturnType<typeof payments>;

/** Payments and the transfers that name them. */
export function payments(source: Typed) {
  return source.kysely(PaymentEntity, TransferEntity).selectFrom('payment');
}

/** Transfers and the payments that they name. */
export function transfers(source: Typed) {
  return source.kysely(PaymentEntity, TransferEntity).selectFrom('transfer');
}

/** The payments, each with the orders that it has funded, as JSON in the form of the view. */
export function viewRows(query: Payments) {
  return query
    .select(['payment.id', 'payment.provider', 'payment.reference', 'payment.amountMinor', 'payment.currency'])
    .select(['payment.personId', 'payment.personNamed', 'payment.orderNamed', 'payment.refundedMinor'])
    .select(['payment.assignedOrderId', 'payment.extrasMinor', 'payment.receivedAt', 'payment.registeredAt'])
    .select(
      sql<PaymentView['funded_orders']>`coalesce((
        select jsonb_agg(jsonb_build_object('order_id', t.order_id, 'amount_minor', t.amount_minor, 'transfer_id', t.id)
          order by t.created_at, t.order_id)
        from transfer t where t.payment_id = payment.id and t.movement = 'reserve' and t.state <> 'voided'), '[]')`.as(
        'fundedOrders',
      ),
    );
}

export type PaymentRow = Awaited<ReturnType<ReturnType<typeof viewRows>['executeTakeFirstOrThrow']>>;

/** A payment as admins see it. */
export function viewOf(row: PaymentRow): PaymentView {
  return {
    payment_id: row.id,
    provider: row.provider,
    reference: row.reference,
    amount_minor: row.amountMinor,
    currency: row.currency,
    person_id: row.personId,
    order_id: row.assignedOrderId ?? (isId(row.orderNamed) ? row.orderNamed : null),
    refunded_minor: row.refundedMinor,
    extras_minor: row.extrasMinor,
    funded_orders: row.fundedOrders,
    received_at: row.receivedAt?.toString() ?? null,
    registered_at: row.registeredAt.toString(),
  };
}

/** A payment in suspense as admins see it. */
export function unmatchedViewOf(row: PaymentRow): UnmatchedPayment {
  return {
    payment_id: row.id,
    provider: row.provider,
    reference: row.reference,
    amount_minor: row.amountMinor,
    currency: row.currency,
    person_id_named: row.personNamed,
    order_id_named: row.orderNamed,
    refunded_minor: row.refundedMinor,
    extras_minor: row.extrasMinor,
    registered_at: row.registeredAt.toString(),
  };
}
