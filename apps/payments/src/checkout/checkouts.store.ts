import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Transactions } from '#persistence/transaction.js';
import { PaymentEntity } from '../payment-rows/payment.entity.js';
import { CheckoutEntity } from './checkout.entity.js';
import type { Checkout } from './domain/checkout.js';
import type { MoneyForOrder, OrderToPay } from './domain/payable-order.js';

const moneyForOrder = `
  select r.state, coalesce(a.available_minor, 0) as available_minor, -coalesce(d.available_minor, 0) as owed_minor,
    (select count(*) from receivable o
      where o.person_id = g.person_id and o.currency = g.currency and o.state = 'open' and o.amount_minor > 0
        and o.order_id <> g.order_id
        and (r.order_id is null or (o.opened_at, o.order_id) < (r.opened_at, r.order_id)))::int as waiting_before
  from (select $1::uuid as order_id, $2::uuid as person_id, $3::text as currency) g
  left join receivable r on r.order_id = g.order_id
  left join account a on a.owner = g.person_id::text and a.kind = 'person' and a.currency = g.currency
  left join account d on d.owner = g.person_id::text and d.kind = 'debt' and d.currency = g.currency`;

type MoneyRow = { state: MoneyForOrder['state'] } & Record<'available_minor' | 'owed_minor' | 'waiting_before', number>;

/** The payment pages of orders. */
@Injectable()
export class CheckoutsStore {
  constructor(private readonly transactions: Transactions) {}

  /** What the person of an order can spend and owes, as it stands now. */
  async moneyFor({ orderId, personId, currency }: OrderToPay): Promise<MoneyForOrder> {
    const [row] = await this.transactions.query<MoneyRow>(moneyForOrder, [orderId, personId, currency]);
    return {
      state: row?.state ?? null,
      availableMinor: row?.available_minor ?? 0,
      owedMinor: row?.owed_minor ?? 0,
      waitingBefore: row?.waiting_before ?? 0,
    };
  }

  /** The page of an order, if it has had one. */
  current(orderId: string): Promise<Checkout | undefined> {
    return this.transactions
      .kysely(CheckoutEntity)
      .selectFrom('checkout')
      .selectAll()
      .where('orderId', '=', orderId)
      .executeTakeFirst();
  }

  /**
   * Makes `checkout` the page of its order, in place of `before`. False when another request was first, which changed
   * nothing here.
   */
  async replace(checkout: Checkout, before: Checkout | undefined): Promise<boolean> {
    const { orderId: _, ...columns } = checkout;
    const { numInsertedOrUpdatedRows } = await this.transactions
      .kysely(CheckoutEntity)
      .insertInto('checkout')
      .values(checkout)
      .onConflict((conflict) =>
        conflict
          .column('orderId')
          .doUpdateSet(columns)
          .where('checkout.checkoutId', '=', before?.checkoutId ?? sql<string>`null::uuid`),
      )
      .executeTakeFirstOrThrow();
    return numInsertedOrUpdatedRows === 1n;
  }

  /** Notes what the provider answered, unless another page has replaced this one. */
  async opened({ checkoutId, orderId }: Checkout, sessionId: string, url: string): Promise<void> {
    await this.transactions
      .kysely(CheckoutEntity)
      .updateTable('checkout')
      .set({ sessionId, url })
      .where('orderId', '=', orderId)
      .where('checkoutId', '=', checkoutId)
      .execute();
  }

  /** Whether a payment of Stripe is registered here. */
  async isRegistered(reference: string): Promise<boolean> {
    const row = await this.transactions
      .kysely(PaymentEntity)
      .selectFrom('payment')
      .select('id')
      .where('provider', '=', 'stripe')
      .where('reference', '=', reference)
      .executeTakeFirst();
    return row !== undefined;
  }
}
