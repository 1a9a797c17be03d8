import { Injectable } from '@nestjs/common';
import type { RequestOf, ResponseOf } from '#contracts/contract.js';
import type { listUnmatchedPayments } from '#contracts/payments/payments.js';
import { anyOf } from '#persistence/entities/any-of.js';
import { mapPage, pageOf } from '#persistence/paging.js';
import type { Typed } from '#persistence/transaction.js';
import { PersonEntity } from '../persons/person.entity.js';
import { ReceivableEntity } from '../receivables/receivable.entity.js';
import type { OrderedBy, OwnedPayment } from './domain/refuse-assignments.js';
import { type PaymentView, payments, transfers, unmatchedViewOf, viewOf, viewRows } from './payment-view.js';

type UnmatchedQuery = RequestOf<typeof listUnmatchedPayments>;
type UnmatchedPage = ResponseOf<typeof listUnmatchedPayments>;

/** Payments, whose they are, and who can own one. They are written by the movements of the ledger alone. */
@Injectable()
export class PaymentsStore {
  /** By id. */
  async views(source: Typed, paymentIds: readonly string[]): Promise<Map<string, PaymentView>> {
    if (paymentIds.length === 0) return new Map();
    const rows = await viewRows(payments(source).where('payment.id', '=', anyOf(paymentIds))).execute();
    return new Map(rows.map((row) => [row.id, viewOf(row)]));
  }

  /** The payments that name an order, and those that its transfers name, oldest first. */
  async ofOrder(source: Typed, orderId: string): Promise<PaymentView[]> {
    const named = payments(source).select('payment.id').where('payment.orderNamed', '=', orderId);
    const funding = transfers(source)
      .select(({ ref }) => ref('transfer.paymentId').$notNull().as('id'))
      .where('transfer.orderId', '=', orderId)
      .where('transfer.paymentId', 'is not', null);
    // Two ways in, each by its index; an `or` would read every payment.
    const rows = await viewRows(payments(source).where('payment.id', 'in', named.union(funding)))
      .orderBy('payment.registeredAt')
      .orderBy('payment.id')
      .limit(200)
      .execute();
    return rows.map(viewOf);
  }

  /** The payments with this reference, one of a provider. */
  async withReference(source: Typed, reference: string): Promise<PaymentView[]> {
    const rows = await viewRows(payments(source).where('payment.reference', '=', reference))
      .limit(200)
      .execute();
    return rows.map(viewOf);
  }

  /** Money in suspense, or money that was dismissed from it, oldest first. */
  async unmatched(source: Typed, { state, ...paging }: UnmatchedQuery): Promise<UnmatchedPage> {
    const matching = payments(source)
      .where('payment.personId', 'is', null)
      .where('payment.dismissedAt', state === 'open' ? 'is' : 'is not', null)
      .where(({ eb, ref }) =>
        eb('payment.refundedMinor', '<', eb('payment.amountMinor', '-', ref('payment.extrasMinor'))),
      );
    const order = { by: ['payment.id'], direction: 'asc' } as const;
    const selected = viewRows(matching).select(['payment.dismissedAt', 'payment.dismissedBy', 'payment.dismissalNote']);
    return mapPage(await pageOf({ matching, selected, order }, paging), (row) => ({
      ...unmatchedViewOf(row),
      ...(row.dismissedAt && {
        dismissal: {
          dismissed_at: row.dismissedAt.toString(),
          dismissed_by: row.dismissedBy as string,
          note: row.dismissalNote as string,
        },
      }),
    }));
  }

  /** Which of these payments exist, and whose they are. */
  async owned(source: Typed, paymentIds: readonly string[]): Promise<Map<string, OwnedPayment>> {
    const columns = ['id', 'personId', 'currency'] as const;
    const rows = await payments(source).select(columns).where('id', '=', anyOf(paymentIds)).execute();
    return new Map(rows.map(({ id, ...payment }) => [id, payment]));
  }

  /** Which of these orders are known, and whose they are. */
  async orders(source: Typed, orderIds: readonly string[]): Promise<Map<string, OrderedBy>> {
    if (orderIds.length === 0) return new Map();
    const rows = await source
      .kysely(ReceivableEntity)
      .selectFrom('receivable')
      .select(['orderId', 'personId', 'currency'])
      .where('orderId', '=', anyOf(orderIds))
      .execute();
    return new Map(rows.map(({ orderId, ...order }) => [orderId, order]));
  }

  /** Which of these persons are known. */
  async knownPersons(source: Typed, personIds: readonly string[]): Promise<Set<string>> {
    const rows = await source
      .kysely(PersonEntity)
      .selectFrom('person')
      .select('personId')
      .where('personId', '=', anyOf(personIds))
      .execute();
    return new Set(rows.map(({ personId }) => personId));
  }
}
