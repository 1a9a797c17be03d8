import { Injectable } from '@nestjs/common';
import type { dismissNotification } from '#contracts/quarantined.js';
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
 * Somebody has dealt with what was quarantined, and says how. The first one who does is kept. What its provider sent
 * again and is applied by now is not quarantined any more.
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
    // Notifications that come meanwhile turn several verdicts too: whoever does so takes turns.
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
