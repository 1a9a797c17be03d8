import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { Transactions } from '#persistence/transaction.js';
import { countAttempts } from './attempt-metrics.js';
import { ClaimsStore, type Tried } from './claims.store.js';
import { UpdateHealth } from './update-health.js';

/** Records what came of a set of attempts, with the health of their endpoints, in one transaction. */
@Injectable()
export class RecordAttempts {
  constructor(
    private readonly transactions: Transactions,
    private readonly claims: ClaimsStore,
    private readonly health: UpdateHealth,
    private readonly clock: Clock,
  ) {}

  async execute(tried: readonly Tried[]): Promise<void> {
    await this.transactions.run(async (tx) => {
      const now = this.clock.now();
      const recorded = await this.claims.record(tx, tried, now);
      await this.health.update(
        tx,
        tried.filter(({ delivery }) => recorded.has(delivery.id)),
        now,
      );
    });
    countAttempts(tried);
  }
}
