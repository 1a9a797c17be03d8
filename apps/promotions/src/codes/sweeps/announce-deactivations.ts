import { Injectable, Logger } from '@nestjs/common';
import { sql } from 'kysely';
import { Clock } from '#kernel/clock.js';
import { Transactions } from '#persistence/transaction.js';
import { CodeEntity } from '../code.entity.js';
import { countDeactivation } from './deactivation-metrics.js';

/** Codes in one transaction. */
const announcedMax = 500;

/**
 * Announces to operators, in the log and in the metrics, which codes their last use deactivated. It decides nothing:
 * the statement that took the last use deactivated the code and published the event. An announcement is repeated if the
 * process dies between the log line and the commit.
 */
@Injectable()
export class AnnounceDeactivations {
  private readonly logger = new Logger(AnnounceDeactivations.name);

  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  /** @returns how many codes were announced. */
  async execute(): Promise<number> {
    for (let announced = 0; ; ) {
      const count = await this.announce();
      announced += count;
      if (count < announcedMax) return announced;
    }
  }

  private announce(): Promise<number> {
    return this.transactions.run(async (tx) => {
      const codes = await tx
        .kysely(CodeEntity)
        .selectFrom('promo_code')
        .select(['id', 'code', 'ownerId', 'used', 'maxUses', 'autoDeactivatedAt'])
        .where('autoDeactivatedAt', 'is not', null)
        .where('deactivationAnnouncedAt', 'is', null)
        .orderBy('id')
        .limit(announcedMax)
        .forUpdate()
        .skipLocked()
        .execute();
      if (codes.length === 0) return 0;
      for (const { id, code, ownerId, used, maxUses, autoDeactivatedAt } of codes) {
        const fields = {
          code_id: id,
          code,
          owner_id: ownerId,
          used,
          max_uses: maxUses,
          deactivated_at: String(autoDeactivatedAt),
        };
        this.logger.warn(fields, 'a promo code was used up and is deactivated');
        countDeactivation();
      }
      await tx
        .kysely(CodeEntity)
        .updateTable('promo_code')
        .set({ deactivationAnnouncedAt: this.clock.now() })
        .where('id', '=', sql<string>`any (${codes.map(({ id }) => id)}::uuid[])`)
        .execute();
      return codes.length;
    });
  }
}
