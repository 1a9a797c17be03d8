import { Injectable } from '@nestjs/common';
import type { reassignPayment } from '#contracts/payments/corrections.js';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import { zip } from '#kernel/zip.js';
import type { CommandOf, ReplyOf } from '#messaging/envelope.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { lockLedger } from '../ledger/lock-ledger.js';
import { readPersonBalances } from '../ledger/read-balances.js';
import { FindPayees } from '../payments/allocating/find-payees.js';
import { admitPersons } from '../persons/admit-persons.js';
import { CorrectionJournal } from './correction-journal.js';
import { correctablePayments } from './correction-rows.js';
import { decideReassignments } from './domain/decide-reassignments.js';

type Reassign = CommandOf<typeof reassignPayment>;
type Reassigned = ReplyOf<typeof reassignPayment>;

/** An admin moves payments from the persons who have them to the persons whose they are. */
@Injectable()
export class ReassignPayment {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly journal: CorrectionJournal,
    private readonly payees: FindPayees,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws ServiceUnavailable when somebody is unknown here, and subscriptions is away; nothing is decided then.
   */
  async execute(batch: readonly Reassign[]): Promise<Reassigned[]> {
    const newcomers = await this.payees.newcomers(batch.map(({ data }) => data.person_id));
    return this.transactions.run((tx) =>
      this.commands.answer(tx, batch, (fresh) => this.reassign(tx, fresh, newcomers)),
    );
  }

  private async reassign(tx: Tx, commands: readonly Reassign[], newcomers: ReadonlySet<string>): Promise<Reassigned[]> {
    await lockLedger(tx);
    const reassignments = commands.map(({ data }) => ({
      paymentId: data.payment_id,
      personId: data.person_id,
      assignedOrderId: data.order_id ?? null,
      reason: data.reason,
    }));
    const payments = await correctablePayments(
      tx,
      reassignments.map(({ paymentId }) => paymentId),
    );
    // Of several for one payment, each takes it from the new person of the one before.
    const holders = reassignments.flatMap(({ paymentId, personId }) => {
      const payment = payments.get(paymentId);
      return payment ? [payment, { personId, currency: payment.currency }] : [];
    });
    const balances = await readPersonBalances(tx, holders);
    const state = { payments, balances, ...(await this.payees.of(tx, reassignments, newcomers)) };
    const decision = decideReassignments(reassignments, state, newId);
    const now = this.clock.now();
    const replies = await this.journal.record(tx, commands, decision, now);
    const met = zip(commands, replies).flatMap(([command, reply]) =>
      'answer' in reply && newcomers.has(command.data.person_id)
        ? [{ personId: command.data.person_id, cause: command }]
        : [],
    );
    if (met.length > 0) await admitPersons(tx, met, now);
    return replies;
  }
}
