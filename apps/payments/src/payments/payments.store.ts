import { Injectable } from '@nestjs/common';
import type { ResponseOf } from '#contracts/contract.js';
import type { listUnmatchedPayments, registerPayment } from '#contracts/payments/payments.js';
import { isId } from '#kernel/ids.js';
import { offsetOf, type Paging, pageOf } from '#persistence/paging.js';
import type { Sql } from '#persistence/transaction.js';

export type PaymentView = ResponseOf<typeof registerPayment>;
type UnmatchedPage = ResponseOf<typeof listUnmatchedPayments>;
interface PaymentRow {
  payment_id: string;
  provider: string;
  reference: string;
  amount_minor: number;
  currency: string;
  person_id: string | null;
  order_named: string | null;
  refunded_minor: number;
  funded_orders: PaymentView['funded_orders'];
  registered_at: Temporal.Instant;
}

const viewColumns = `p.id as payment_id, p.provider, p.reference, p.amount_minor, p.currency, p.person_id, p.order_named,
  p.refunded_minor, p.registered_at, coalesce((
    select jsonb_agg(jsonb_build_object('order_id', t.order_id, 'amount_minor', t.amount_minor, 'transfer_id', t.id)
      order by t.created_at, t.order_id)
    from transfer t where t.payment_id = p.id and t.movement = 'reserve' and t.state <> 'voided'), '[]') as funded_orders`;

/** Payments, whose they are, and who can own one. They are written by the movements of the ledger alone. */
@Injectable()
export class PaymentsStore {
  /** By id. */
  async views(sql: Sql, paymentIds: readonly string[]): Promise<Map<string, PaymentView>> {
    if (paymentIds.length === 0) return new Map();
    const rows = await sql.query<PaymentRow>(`select ${viewColumns} from payment p where p.id = any ($1::uuid[])`, [
      paymentIds,
    ]);
    return new Map(rows.map((row) => [row.payment_id, viewOf(row)]));
  }

  /** The payments that name an order, and those that its transfers name, oldest first. */
  async ofOrder(sql: Sql, orderId: string): Promise<PaymentView[]> {
    const rows = await sql.query<PaymentRow>(
      // Two ways in, each by its index; an `or` would read every payment.
      `select ${viewColumns} from payment p where p.id in (
         select id from payment where order_named = $1::text
         union select payment_id from transfer where order_id = $1::uuid and payment_id is not null)
       order by p.registered_at, p.id limit 200`,
      [orderId],
    );
    return rows.map(viewOf);
  }

  /** Money in suspense, oldest first. */
  async unmatched(sql: Sql, paging: Paging): Promise<UnmatchedPage> {
    const rows = await sql.query<PaymentRow & { person_named: string | null }>(
      `select ${viewColumns}, p.person_named from payment p
       where p.person_id is null and p.refunded_minor < p.amount_minor order by p.id limit $1 offset $2`,
      [paging.limit, offsetOf(paging)],
    );
    const [counted] = await sql.query<{ total: number }>(
      `select count(*) as total from payment where person_id is null and refunded_minor < amount_minor`,
    );
    const items = rows.map((row) => ({
      payment_id: row.payment_id,
      provider: row.provider,
      reference: row.reference,
      amount_minor: row.amount_minor,
      currency: row.currency,
      person_id_named: row.person_named,
      order_id_named: row.order_named,
      refunded_minor: row.refunded_minor,
      registered_at: row.registered_at.toString(),
    }));
    return pageOf(items, counted, paging);
  }

  /** Which of these payments exist, and whose they are. */
  async owners(sql: Sql, paymentIds: readonly string[]): Promise<Map<string, string | null>> {
    const rows = await sql.query<{ id: string; person_id: string | null }>(
      `select id, person_id from payment where id = any ($1::uuid[])`,
      [paymentIds],
    );
    return new Map(rows.map((row) => [row.id, row.person_id]));
  }

  /** Which of these persons are known. */
  async knownPersons(sql: Sql, personIds: readonly string[]): Promise<Set<string>> {
    const rows = await sql.query<{ person_id: string }>(
      `select person_id from person where person_id = any ($1::uuid[])`,
      [personIds],
    );
    return new Set(rows.map((row) => row.person_id));
  }
}

function viewOf({ order_named: named, registered_at: at, ...row }: PaymentRow): PaymentView {
  return {
    payment_id: row.payment_id,
    provider: row.provider,
    reference: row.reference,
    amount_minor: row.amount_minor,
    currency: row.currency,
    person_id: row.person_id,
    order_id: isId(named) ? named : null,
    refunded_minor: row.refunded_minor,
    funded_orders: row.funded_orders,
    registered_at: at.toString(),
  };
}
