import { Injectable } from '@nestjs/common';
import type { assignPayment } from '#contracts/payments/payments.js';
import { assert } from '#kernel/assert.js';
import { Clock } from '#kernel/clock.js';
import type { CommandOf, ReplyOf } from '#messaging/envelope.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { lockLedger } from '../../ledger/lock-ledger.js';
import { admitPersons } from '../../persons/admit-persons.js';
import { fundByPayments } from '../../receivables/funding/fund-by-payments.js';
import { allocatePayments } from '../../suspense/allocate-payments.js';
import { refuseAssignments } from '../domain/refuse-assignments.js';
import { PaymentsStore } from '../payments.store.js';
import { FindPayees } from './find-payees.js';

type Assign = CommandOf<typeof assignPayment>;
type Assigned = ReplyOf<typeof assignPayment>;

/**
 * An admin says whose money in suspense is, and perhaps which order of theirs gets it first. It moves there and funds
 * orders like any other. Before somebody is refused as unknown, for ever under this command, subscriptions has been
 * asked: they may have been registered a moment ago.
 */
@Injectable()
export class AssignPayment {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly payments: PaymentsStore,
    private readonly payees: FindPayees,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws ServiceUnavailable when somebody is unknown here, and subscriptions is away; nothing is decided then.
   */
  async execute(batch: readonly Assign[]): Promise<Assigned[]> {
    const newcomers = await this.payees.newcomers(batch.map(({ data }) => data.person_id));
    return this.transactions.run((tx) => this.commands.answer(tx, batch, (fresh) => this.assign(tx, fresh, newcomers)));
  }

  private async assign(tx: Tx, commands: readonly Assign[], newcomers: ReadonlySet<string>): Promise<Assigned[]> {
    // Nobody matches these payments between the look and the move.
    await lockLedger(tx);
    const assignments = commands.map((command) => ({
      paymentId: command.data.payment_id,
      personId: command.data.person_id,
      assignedOrderId: command.data.order_id ?? null,
      assignedBy: command.data.assigned_by,
      cause: command,
    }));
    const refusals = refuseAssignments(assignments, {
      payments: await this.payments.owned(
        tx,
        assignments.map(({ paymentId }) => paymentId),
      ),
      ...(await this.payees.of(tx, assignments, newcomers)),
    });
    const accepted = assignments.filter((_, index) => !refusals[index]);
    const now = this.clock.now();
    await fundByPayments(tx, await allocatePayments(tx, accepted, now), now);
    // Not before: projecting a person allocates the payments that named them, and the assignment would find it taken.
    const met = accepted.filter(({ personId }) => newcomers.has(personId));
    if (met.length > 0) await admitPersons(tx, met, now);
    const views = await this.payments.views(
      tx,
      accepted.map(({ paymentId }) => paymentId),
    );
    return assignments.map(({ paymentId }, index): Assigned => {
      const refusal = refusals[index];
      if (refusal) return { refusal };
      const view = views.get(paymentId);
      assert(view, `payment ${paymentId} was assigned`);
      return { answer: view };
    });
  }
}
