import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { Transactions } from '#persistence/transaction.js';
import { countDeactivation } from './deactivation-metrics.js';

/** Codes in one transaction. */
const announcedMax = 500;

interface Deactivated {
  id: string;
  code: string;
  owner_id: string | null;
  used: number;
  max_uses: number;
  auto_deactivated_at: Temporal.Instant;
}

/**
 * Says of codes that their last use was taken: in the log, where operators look, and in the metrics. It decides
 * nothing: a code was deactivated by the statement that took that use, and the event was told in the same transaction.
 * What was said and not noted, because this died in between, is said again.
 */
@Injectable()
export class AnnounceDeactivations {
  private readonly logger = new Logger(AnnounceDeactivations.name);

  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  /** How many there were. */
  async execute(): Promise<number> {
    for (let announced = 0; ; ) {
      const count = await this.announce();
      announced += count;
      if (count < announcedMax) return announced;
    }
  }

  private announce(): Promise<number> {
    return this.transactions.run(async (tx) => {
      const codes = await tx.query<Deactivated>(
        `select id, code, owner_id, used, max_uses, auto_deactivated_at from promo_code
         where auto_deactivated_at is not null and deactivation_announced_at is null
         order by id limit $1 for update skip locked`,
        [announcedMax],
      );
      for (const { id, code, owner_id, used, max_uses, auto_deactivated_at: at } of codes) {
        const events = { code_id: id, code, owner_id, used, max_uses, deactivated_at: at.toString() };
        this.logger.warn(events, 'a promo code was used up and is deactivated');
        countDeactivation();
      }
      if (codes.length > 0) {
        await tx.query(`update promo_code set deactivation_announced_at = $2 where id = any ($1::uuid[])`, [
          codes.map(({ id }) => id),
          this.clock.now(),
        ]);
      }
      return codes.length;
    });
  }
}
