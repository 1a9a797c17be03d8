import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { RequestOf, ResponseOf } from '#contracts/contract.js';
import type { listPayments } from '#contracts/payments/payment-search.js';
import { isId } from '#kernel/ids.js';
import { mapPage, newestFirst, pageOf } from '#persistence/paging.js';
import { Transactions } from '#persistence/transaction.js';
import { payments, viewOf, viewRows } from '../payments/payment-view.js';
import { PaymentsStore } from '../payments/payments.store.js';

/** The most orders of one reference. */
const ordersMax = 200;

/** Finds payments by what people have of them. */
@Injectable()
export class PaymentSearch {
  constructor(
    private readonly transactions: Transactions,
    private readonly payments: PaymentsStore,
  ) {}

  /** The payments that match, newest first: their ids follow the order of their registration. */
  async list(request: RequestOf<typeof listPayments>): Promise<ResponseOf<typeof listPayments>> {
    const { search, provider, from, to, ...paging } = request;
    let matching = payments(this.transactions);
    if (search !== undefined) matching = matching.where(isId(search) ? isAbout(search) : beginsWith(search));
    if (provider !== undefined) {
      matching = matching.where('payment.provider', '=', provider);
      if (byHand.includes(provider)) matching = matching.where(isByHand);
    }
    if (from !== undefined) matching = matching.where('payment.registeredAt', '>=', Temporal.Instant.from(from));
    if (to !== undefined) matching = matching.where('payment.registeredAt', '<', Temporal.Instant.from(to));
    const order = { ...newestFirst, by: ['payment.id'] };
    return mapPage(await pageOf({ matching, selected: viewRows(matching), order }, paging), viewOf);
  }

  /** The orders that the payments with this reference name or have funded. */
  async ordersOf(reference: string): Promise<string[]> {
    const found = await this.payments.withReference(this.transactions, reference);
    const ids = found.flatMap(({ order_id: named, funded_orders: funded }) => [
      ...(named === null ? [] : [named]),
      ...funded.map(({ order_id: id }) => id),
    ]);
    return [...new Set(ids)].slice(0, ordersMax);
  }
}

/** Word for word the condition of the partial index of payments that admins register. */
const isByHand = sql<boolean>`payment.provider in ('cash', 'bank_transfer')`;
const byHand = ['cash', 'bank_transfer'];

function beginsWith(reference: string) {
  return sql<boolean>`payment.id in (
    select id from payment where reference >= ${reference} and reference < ${`${reference}\u{10ffff}`})`;
}

/** The payment with this id, and those that name the order with it or have funded it: each by its index. */
function isAbout(id: string) {
  return sql<boolean>`payment.id in (
    select id from payment where id = ${id}
    union all select id from payment where order_named = ${id.toLowerCase()}
    union all select id from payment where assigned_order_id = ${id}
    union all select payment_id from transfer where order_id = ${id} and payment_id is not null)`;
}
