import { Injectable } from '@nestjs/common';
import type { dismissPayment } from '#contracts/payments/payments.js';
import { Clock } from '#kernel/clock.js';
import { Refusal } from '#kernel/refusal.js';
import type { CommandOf, ReplyOf } from '#messaging/envelope.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { anyOf } from '#persistence/entities/any-of.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { lockLedger } from '../../ledger/lock-ledger.js';
import { PaymentEntity } from '../../payment-rows/payment.entity.js';
import { dismissPayments } from '../../suspense/dismiss-payments.js';

type Dismiss = CommandOf<typeof dismissPayment>;
type Dismissed = ReplyOf<typeof dismissPayment>;

/**
 * An admin says that money in suspense is not ours. It leaves suspense for an account of its own. A refund of it comes
 * from there, and a person who is known for it later still gets it.
 */
@Injectable()
export class DismissPayment {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly clock: Clock,
  ) {}

  execute(batch: readonly Dismiss[]): Promise<Dismissed[]> {
    return this.transactions.run((tx) => this.commands.answer(tx, batch, (fresh) => this.dismiss(tx, fresh)));
  }

  private async dismiss(tx: Tx, commands: readonly Dismiss[]): Promise<Dismissed[]> {
    await lockLedger(tx);
    const dismissals = commands.map(({ data: { payment_id: paymentId, dismissed_by: dismissedBy, note } }) => {
      return { paymentId, dismissedBy, note };
    });
    await dismissPayments(tx, dismissals, this.clock.now());
    const payments = await dismissedPayments(
      tx,
      dismissals.map(({ paymentId }) => paymentId),
    );
    return dismissals.map(({ paymentId }) => replyTo(paymentId, payments.get(paymentId)));
  }
}

type DismissedPayment = Awaited<ReturnType<typeof dismissedPayments>> extends Map<string, infer Row> ? Row : never;

async function dismissedPayments(tx: Tx, ids: readonly string[]) {
  const rows = await tx
    .kysely(PaymentEntity)
    .selectFrom('payment')
    .select(['id', 'personId', 'dismissedAt', 'dismissedBy', 'dismissalNote'])
    .where('id', '=', anyOf(ids))
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

function replyTo(paymentId: string, payment: DismissedPayment | undefined): Dismissed {
  if (!payment) return { refusal: new Refusal('PAYMENT_NOT_FOUND', 'There is no such payment.', { paymentId }) };
  const { personId, dismissedAt, dismissedBy, dismissalNote } = payment;
  if (personId !== null || dismissedAt === null) {
    const refusal = new Refusal('PAYMENT_ALREADY_MATCHED', 'This payment belongs to somebody already.', { paymentId });
    return { refusal };
  }
  return {
    answer: {
      payment_id: paymentId,
      dismissed_at: dismissedAt.toString(),
      dismissed_by: dismissedBy as string,
      note: dismissalNote as string,
    },
  };
}
