import { Injectable } from '@nestjs/common';
import { findClasses } from '#contracts/subscriptions/classes.js';
import { isId } from '#kernel/ids.js';
import { ServiceUnavailable } from '#messaging/faults.js';
import { RpcClient } from '#messaging/requests/rpc-client.js';
import { Transactions } from '#persistence/transaction.js';
import type { Offer } from './domain/offer.js';
import { OffersStore } from './offers.store.js';

/** Well below the timeout of the requests that name an offer. */
const timeoutMs = 3_000;

/**
 * Finds offers, deleted ones too. An unknown id may be a class whose event has not arrived yet: subscriptions is
 * queried once for all of them, and the classes among them are projected. Only for use outside of transactions, which
 * must not wait for another service.
 */
@Injectable()
export class FindOffers {
  constructor(
    private readonly transactions: Transactions,
    private readonly offers: OffersStore,
    private readonly rpc: RpcClient,
  ) {}

  /**
   * @param ids at most as many different ones as the contract takes
   * @returns the offers by id, and the ids that cannot be checked while subscriptions is away
   */
  async execute(
    ids: readonly string[],
  ): Promise<{ readonly found: ReadonlyMap<string, Offer>; readonly doubtful: readonly string[] }> {
    const known = await this.offers.find(ids);
    const unknown = [...new Set(ids)].filter((id) => isId(id) && !known.has(id));
    if (unknown.length === 0) return { found: known, doubtful: [] };
    try {
      const { classes } = await this.rpc.request(findClasses, { class_ids: unknown }, { timeoutMs });
      if (classes.length === 0) return { found: known, doubtful: [] };
      const projected = classes.map(({ class_id: classId, title, currency, published_at }) => {
        const publishedAt = Temporal.Instant.from(published_at);
        return { classId, title, currency, publishedAt, changedAt: publishedAt };
      });
      // A newer change that arrived meanwhile stays.
      await this.offers.projectClasses(this.transactions, projected);
      return { found: await this.offers.find(ids), doubtful: [] };
    } catch (error) {
      if (error instanceof ServiceUnavailable) return { found: known, doubtful: unknown };
      throw error;
    }
  }
}
