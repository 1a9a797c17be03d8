import { Injectable } from '@nestjs/common';
import type { correctPayment } from '#contracts/payments/corrections.js';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import type { CommandOf, ReplyOf } from '#messaging/envelope.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { lockLedger } from '../ledger/lock-ledger.js';
import { readPersonBalances } from '../ledger/read-balances.js';
import { CorrectionJournal } from './correction-journal.js';
import { correctablePayments } from './correction-rows.js';
import { decideCorrections } from './domain/decide-corrections.js';

type Correct = CommandOf<typeof correctPayment>;
type Corrected = ReplyOf<typeof correctPayment>;

/** An admin corrects the amount of payments that were registered by hand. */
@Injectable()
export class CorrectPayment {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly journal: CorrectionJournal,
    private readonly clock: Clock,
  ) {}

  execute(batch: readonly Correct[]): Promise<Corrected[]> {
    return this.transactions.run((tx) => this.commands.answer(tx, batch, (fresh) => this.correct(tx, fresh)));
  }

  private async correct(tx: Tx, commands: readonly Correct[]): Promise<Corrected[]> {
    await lockLedger(tx);
    const corrections = commands.map(({ data }) => ({
      paymentId: data.payment_id,
      amountMinor: data.amount_minor,
      reason: data.reason,
    }));
    const payments = await correctablePayments(
      tx,
      corrections.map(({ paymentId }) => paymentId),
    );
    const balances = await readPersonBalances(tx, [...payments.values()]);
    const decision = decideCorrections(corrections, { payments, balances }, newId);
    return this.journal.record(tx, commands, decision, this.clock.now());
  }
}
