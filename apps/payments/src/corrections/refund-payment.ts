import { Injectable } from '@nestjs/common';
import type { refundPayment } from '#contracts/payments/corrections.js';
import { assert } from '#kernel/assert.js';
import { Clock } from '#kernel/clock.js';
import { Refusal } from '#kernel/refusal.js';
import { zip } from '#kernel/zip.js';
import type { CommandOf, ReplyOf } from '#messaging/envelope.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { lockLedger } from '../ledger/lock-ledger.js';
import { PaymentsStore } from '../payments/payments.store.js';
import type { RefundNotice } from '../refunds/domain/refund-notice.js';
import { RefundJournal } from '../refunds/refund-journal.js';
import { refundsById } from '../refunds/refunds.store.js';
import { authorOf } from './correction-journal.js';
import { correctablePayments } from './correction-rows.js';
import { type FittingRefund, refuseRefunds } from './domain/refuse-refunds.js';

type Refund = CommandOf<typeof refundPayment>;
type Refunded = ReplyOf<typeof refundPayment>;

/**
 * An admin registers that cash or a bank transfer was given back: a refund like those of providers, whose reference is
 * the id of the command.
 */
@Injectable()
export class RefundPayment {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly payments: PaymentsStore,
    private readonly refunds: RefundJournal,
    private readonly clock: Clock,
  ) {}

  execute(batch: readonly Refund[]): Promise<Refunded[]> {
    return this.transactions.run((tx) => this.commands.answer(tx, batch, (fresh) => this.refund(tx, fresh)));
  }

  private async refund(tx: Tx, commands: readonly Refund[]): Promise<Refunded[]> {
    await lockLedger(tx);
    const wanted = commands.map(({ data }) => ({
      paymentId: data.payment_id,
      amountMinor: data.amount_minor ?? null,
    }));
    const payments = await correctablePayments(
      tx,
      wanted.map(({ paymentId }) => paymentId),
    );
    const results = refuseRefunds(wanted, payments);
    const fitting = zip(commands, results).flatMap(([command, result]) =>
      result instanceof Refusal ? [] : [{ command, refund: result }],
    );
    const now = this.clock.now();
    const answers = await this.refunds.record(
      tx,
      fitting.map(({ command, refund }) => noticeOf(command, refund)),
      now,
    );
    const recorded = await refundsById(
      tx,
      answers.flatMap(({ refundId }) => refundId ?? []),
    );
    const views = await this.payments.views(
      tx,
      fitting.map(({ refund }) => refund.payment.id),
    );
    const ids = new Map(zip(fitting, answers).map(([{ command }, { refundId }]) => [command.id, refundId]));
    return zip(commands, results).map(([{ id, data }, result]): Refunded => {
      if (result instanceof Refusal) return { refusal: result };
      const refund = recorded.get(ids.get(id) ?? '');
      const payment = views.get(data.payment_id);
      assert(refund && payment, `the refund ${id} is applied`);
      return {
        answer: {
          correction_id: refund.id,
          movement: 'refund-payment',
          payment,
          amount_minor: refund.amountMinor,
          owed_minor: refund.owedMinor ?? 0,
          reason: data.reason,
          recorded_at: now.toString(),
        },
      };
    });
  }
}

function noticeOf(command: Refund, { payment, amountMinor }: FittingRefund): RefundNotice {
  return {
    provider: payment.provider,
    kind: 'refund',
    reference: command.id,
    paymentReference: payment.reference,
    amountMinor,
    currency: payment.currency,
    reinstated: false,
    byHand: { author: authorOf(command), reason: command.data.reason },
    cause: command,
  };
}
