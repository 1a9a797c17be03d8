import { Injectable } from '@nestjs/common';
import type { dismissNotification } from '#contracts/payments/quarantined-notifications.js';
import { Clock } from '#kernel/clock.js';
import { Refusal } from '#kernel/refusal.js';
import type { CommandOf, ReplyOf } from '#messaging/envelope.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { lockLedger } from '../../ledger/lock-ledger.js';
import { QuarantinedStore } from './quarantined.store.js';

type Dismiss = CommandOf<typeof dismissNotification>;
type Dismissed = ReplyOf<typeof dismissNotification>;

/**
 * Dismisses quarantined notifications: an operator has dealt with them and leaves a note. The first dismissal
 * stays. A notification that was settled by its repeat is not quarantined any more.
 */
@Injectable()
export class DismissNotification {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly store: QuarantinedStore,
    private readonly clock: Clock,
  ) {}

  execute(batch: readonly Dismiss[]): Promise<Dismissed[]> {
    return this.transactions.run((tx) => this.commands.answer(tx, batch, (fresh) => this.dismiss(tx, fresh)));
  }

  private async dismiss(tx: Tx, commands: readonly Dismiss[]): Promise<Dismissed[]> {
    const firsts = new Map(
      commands.toReversed().map(({ data }) => [data.notification_id, { by: data.dismissed_by, note: data.note }]),
    );
    // Notifications that arrive meanwhile change verdicts as well: the lock puts both in turn.
    await lockLedger(tx);
    await this.store.dismiss(tx, firsts, this.clock.now());
    const dismissals = await this.store.dismissals(tx, [...firsts.keys()]);
    return commands.map(({ data: { notification_id: notificationId } }): Dismissed => {
      const dismissal = dismissals.get(notificationId);
      if (!dismissal) {
        return {
          refusal: new Refusal('NOTIFICATION_NOT_FOUND', 'No notification with this id is quarantined.', {
            notificationId,
          }),
        };
      }
      const { at, by, note } = dismissal;
      return { answer: { notification_id: notificationId, dismissed_at: at.toString(), dismissed_by: by, note } };
    });
  }
}
