import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { ResponseOf } from '#contracts/contract.js';
import type { getPayment } from '#contracts/payments/payment-search.js';
import { Refusal } from '#kernel/refusal.js';
import { Transactions } from '#persistence/transaction.js';
import { PaymentCorrectionEntity } from '../corrections/payment-correction.entity.js';
import { AccountEntity } from '../ledger/account.entity.js';
import { TransferEntity } from '../ledger/transfer.entity.js';
import { payments, viewOf, viewRows } from '../payments/payment-view.js';
import { RefundEntity } from '../refunds/refund.entity.js';
import { WebhookRequestEntity } from '../webhooks/webhook-request.entity.js';

type Detail = ResponseOf<typeof getPayment>;

/** One payment with all that is about it. Each part has a largest number of rows. */
@Injectable()
export class ReadPayment {
  constructor(private readonly transactions: Transactions) {}

  /** @throws Refusal PAYMENT_NOT_FOUND */
  async execute(paymentId: string): Promise<Detail> {
    const row = await viewRows(payments(this.transactions))
      .select(['payment.note', 'payment.assignedBy', 'payment.dismissedAt'])
      .where('payment.id', '=', paymentId)
      .executeTakeFirst();
    if (!row) throw paymentNotFound();
    const [transfers, returns, corrections, notifications] = await Promise.all([
      this.transfers(paymentId),
      this.returns(paymentId),
      this.corrections(paymentId),
      this.notifications(paymentId),
    ]);
    return {
      ...viewOf(row),
      note: row.note,
      person_named: row.personNamed,
      order_named: row.orderNamed,
      assigned_by: row.assignedBy,
      dismissed_at: row.dismissedAt?.toString() ?? null,
      transfers,
      returns,
      corrections,
      notifications,
    };
  }

  private async transfers(paymentId: string): Promise<Detail['transfers']> {
    const rows = await this.transactions
      .kysely(TransferEntity, AccountEntity)
      .selectFrom('transfer')
      .innerJoin('account as debit', 'debit.id', 'transfer.debitAccount')
      .innerJoin('account as credit', 'credit.id', 'transfer.creditAccount')
      .select(['transfer.id', 'transfer.movement', 'transfer.state', 'transfer.amountMinor', 'transfer.currency'])
      .select(['transfer.orderId', 'transfer.createdAt', 'transfer.resolvedAt'])
      .select(sql<string>`debit.kind || ' ' || debit.owner`.as('from'))
      .select(sql<string>`credit.kind || ' ' || credit.owner`.as('to'))
      // The transfer that registers a payment has its id.
      .where(
        sql<boolean>`transfer.id in (select ${paymentId}::uuid union all
          select id from transfer where payment_id = ${paymentId} and movement <> 'register-payment')`,
      )
      .orderBy('transfer.createdAt')
      .orderBy('transfer.id')
      .limit(200)
      .execute();
    return rows.map(({ id, movement, state, from, to, currency, ...row }) => ({
      transfer_id: id,
      movement,
      state,
      from,
      to,
      amount_minor: row.amountMinor,
      currency,
      order_id: row.orderId,
      created_at: row.createdAt.toString(),
      resolved_at: row.resolvedAt?.toString() ?? null,
    }));
  }

  private async returns(paymentId: string): Promise<Detail['returns']> {
    const rows = await this.transactions
      .kysely(RefundEntity)
      .selectFrom('refund')
      .selectAll()
      .where('paymentId', '=', paymentId)
      .orderBy('sequence')
      .limit(200)
      .execute();
    return rows.map(({ id, kind, reference, state, author, reason, ...row }) => ({
      refund_id: id,
      kind,
      reference,
      state,
      amount_minor: row.amountMinor,
      owed_minor: row.owedMinor,
      author,
      reason,
      received_at: row.receivedAt.toString(),
      applied_at: row.appliedAt?.toString() ?? null,
      reinstated_at: row.reinstatedAt?.toString() ?? null,
    }));
  }

  private async corrections(paymentId: string): Promise<Detail['corrections']> {
    const rows = await this.transactions
      .kysely(PaymentCorrectionEntity)
      .selectFrom('payment_correction')
      .selectAll()
      .where('paymentId', '=', paymentId)
      .orderBy('sequence')
      .limit(200)
      .execute();
    return rows.map(({ kind, reason, author, ...row }) => ({
      kind,
      amount_before_minor: row.amountBeforeMinor,
      amount_after_minor: row.amountAfterMinor,
      person_before: row.personBefore,
      person_after: row.personAfter,
      moved_minor: row.movedMinor,
      reason,
      author,
      recorded_at: row.recordedAt.toString(),
    }));
  }

  private async notifications(paymentId: string): Promise<Detail['notifications']> {
    const rows = await this.transactions
      .kysely(WebhookRequestEntity)
      .selectFrom('webhook_request')
      .select(['id', 'eventId', 'verdict', 'reason', 'body', 'receivedAt'])
      .where(
        sql<boolean>`id in (select id from webhook_request where payment_id = ${paymentId} union all
          select w.id from refund r join webhook_request w on w.refund_id = r.id where r.payment_id = ${paymentId})`,
      )
      .orderBy('id')
      .limit(20)
      .execute();
    return rows.map(({ id, eventId, verdict, reason, body, receivedAt }) => ({
      notification_id: id,
      event_id: eventId,
      verdict,
      reason,
      body: body.toString('utf8'),
      received_at: receivedAt.toString(),
    }));
  }
}

/** No payment has the id. */
export function paymentNotFound(): Refusal {
  return new Refusal('PAYMENT_NOT_FOUND', 'There is no such payment.', { field: 'payment_id' });
}
