import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { Transactions } from '#persistence/transaction.js';
import { NotificationsSettings } from '../notifications.config.js';

/** Events in one statement. */
const droppedMax = 1_000;

/** Deletes the events that are older than the time of the settings, with their deliveries, set by set. */
@Injectable()
export class DropOldEvents {
  constructor(
    private readonly transactions: Transactions,
    private readonly settings: NotificationsSettings,
    private readonly clock: Clock,
  ) {}

  /** @returns how many events were deleted. */
  async execute(): Promise<number> {
    const before = this.clock.now().subtract({ hours: 24 * this.settings.daysKept });
    for (let dropped = 0; ; ) {
      const [row] = await this.transactions.query<{ dropped: number }>(
        `select drop_webhook_events($1, $2) as dropped`,
        [before, droppedMax],
      );
      const count = row?.dropped ?? 0;
      dropped += count;
      if (count < droppedMax) return dropped;
    }
  }
}
