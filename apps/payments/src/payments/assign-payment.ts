import { Injectable } from '@nestjs/common';
import type { assignPayment } from '#contracts/payments.js';
import { assert } from '#kernel/assert.js';
import { Clock } from '#kernel/clock.js';
import { Refusal } from '#kernel/refusal.js';
import { CommandLog } from '#messaging/commands.js';
import type { CommandOf, ReplyOf } from '#messaging/envelope.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { lockLedger } from '../ledger/lock-ledger.js';
import { assignPayments } from '../ledger/movements/match-payments.js';
import { PaymentsStore } from './payments.store.js';

type Assign = CommandOf<typeof assignPayment>;
type Assigned = ReplyOf<typeof assignPayment>;

/** An admin says whose money in suspense is. It moves there and funds orders like any other. */
@Injectable()
export class AssignPayment {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly payments: PaymentsStore,
    private readonly clock: Clock,
  ) {}

  execute(batch: readonly Assign[]): Promise<Assigned[]> {
    return this.transactions.run((tx) => this.commands.answer(tx, batch, (fresh) => this.assign(tx, fresh)));
  }

  private async assign(tx: Tx, commands: readonly Assign[]): Promise<Assigned[]> {
    // Nobody matches these payments between the look and the move.
    await lockLedger(tx);
    const assignments = commands.map((command) => ({
      paymentId: command.data.payment_id.toLowerCase(),
      personId: command.data.person_id.toLowerCase(),
      assignedBy: command.data.assigned_by,
      cause: command,
    }));
    const owners = await this.payments.owners(
      tx,
      assignments.map(({ paymentId }) => paymentId),
    );
    const persons = await this.payments.knownPersons(
      tx,
      assignments.map(({ personId }) => personId),
    );
    const taken = new Set<string>();
    const refusals = assignments.map(({ paymentId, personId }) => {
      const owner = owners.get(paymentId);
      if (owner === undefined) return new Refusal('PAYMENT_NOT_FOUND', 'There is no such payment.', { paymentId });
      if (owner !== null || taken.has(paymentId)) {
        return new Refusal('PAYMENT_ALREADY_MATCHED', 'This payment belongs to somebody already.', { paymentId });
      }
      if (!persons.has(personId)) {
        return new Refusal('PERSON_NOT_FOUND', 'There is no such person.', { field: 'person_id' });
      }
      taken.add(paymentId);
      return undefined;
    });
    await assignPayments(
      tx,
      assignments.filter((_, index) => !refusals[index]),
      this.clock.now(),
    );
    const views = await this.payments.views(tx, [...taken]);
    return assignments.map(({ paymentId }, index): Assigned => {
      const refusal = refusals[index];
      if (refusal) return { refusal };
      const view = views.get(paymentId);
      assert(view, `payment ${paymentId} was assigned`);
      return { answer: view };
    });
  }
}
