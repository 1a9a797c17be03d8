import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { ResponseOf } from '#contracts/contract.js';
import type { listCandidates } from '#contracts/payments/payment-search.js';
import { isId } from '#kernel/ids.js';
import { Transactions } from '#persistence/transaction.js';
import { type PaymentRow, payments, unmatchedViewOf, viewRows } from '../payments/payment-view.js';
import { ReceivableEntity } from '../receivables/receivable.entity.js';
import { paymentNotFound } from './read-payment.js';

type Candidates = ResponseOf<typeof listCandidates>;
type Candidate = Candidates['candidates'][number];

/** As many as an admin looks through. */
const candidatesMax = 20;

/** Finds orders that a payment in suspense may be for: by what is left of it, and by what it says. */
@Injectable()
export class FindCandidates {
  constructor(private readonly transactions: Transactions) {}

  /** @throws Refusal PAYMENT_NOT_FOUND: there is no such payment in suspense, nor was it dismissed from it */
  async execute(paymentId: string): Promise<Candidates> {
    const row = await viewRows(payments(this.transactions))
      .select('payment.note')
      .where('payment.id', '=', paymentId)
      .where('payment.personId', 'is', null)
      .executeTakeFirst();
    if (!row) throw paymentNotFound();
    const leftMinor = row.amountMinor - row.refundedMinor - row.extrasMinor;
    const candidates = await this.candidates(row, leftMinor);
    return { payment: unmatchedViewOf(row), left_minor: leftMinor, candidates };
  }

  /** Each reason looks its orders up in an index, and finds at most so many. */
  private async candidates(payment: PaymentRow & { note: string | null }, leftMinor: number): Promise<Candidate[]> {
    const spans = idSpansIn([payment.reference, payment.orderNamed, payment.note].join(' '));
    const person = isId(payment.personNamed) ? payment.personNamed : null;
    const rows = await this.transactions
      .kysely(ReceivableEntity)
      .selectFrom('receivable')
      .innerJoin(
        sql<{ orderId: string; reasons: Candidate['reasons'] }>`(
          select order_id, array_agg(reason order by reason) as reasons from (
            (select order_id, 'same_amount' as reason from receivable
              where state = 'open' and amount_minor = ${leftMinor} and currency = ${payment.currency}
              order by opened_at limit ${candidatesMax})
            union
            (select order_id, 'reference' from unnest(${spans.map(([first]) => first)}::uuid[],
                ${spans.map(([, last]) => last)}::uuid[]) as span (first, last)
              join receivable on order_id between first and last and currency = ${payment.currency}
              limit ${candidatesMax})
            union
            (select order_id, 'person' from receivable
              where state = 'open' and person_id = ${person}::uuid and currency = ${payment.currency}
              order by opened_at limit ${candidatesMax})
          ) found group by order_id)`.as('candidate'),
        (join) => join.onRef('candidate.orderId', '=', 'receivable.orderId'),
      )
      .select(['receivable.orderId', 'receivable.personId', 'receivable.amountMinor', 'receivable.currency'])
      .select(['receivable.state', 'receivable.openedAt', 'candidate.reasons'])
      .orderBy(sql`cardinality(candidate.reasons)`, 'desc')
      .orderBy('receivable.openedAt')
      .orderBy('receivable.orderId')
      .limit(candidatesMax)
      .execute();
    return rows.map(({ orderId, personId, amountMinor, currency, state, openedAt, reasons }) => ({
      order_id: orderId,
      person_id: personId,
      amount_minor: amountMinor,
      currency,
      state,
      opened_at: openedAt.toString(),
      reasons,
    }));
  }
}

/** For each beginning of an id in a text the first and the last id with it: people copy the first digits. */
function idSpansIn(text: string): [first: string, last: string][] {
  const beginnings = text.match(/\b[0-9a-f]{8}(?:-?[0-9a-f]){0,24}\b/gi) ?? [];
  return beginnings.slice(0, 5).map((beginning) => {
    const digits = beginning.replaceAll('-', '');
    return [digits.padEnd(32, '0'), digits.padEnd(32, 'f')];
  });
}
