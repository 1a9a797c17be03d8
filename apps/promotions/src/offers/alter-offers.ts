import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { orRefusal } from '#kernel/refusal.js';
import type { Command, Reply } from '#messaging/envelope.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { replyOf } from '#messaging/requests/replies.js';
import { Transactions } from '#persistence/transaction.js';
import { type Offer, type OfferView, offerIdOf, offerView, outsideOffer } from './domain/offer.js';
import { OffersStore } from './offers.store.js';

/** The common part of changing and deleting an offer: commands on locked offers, one after the other. */
@Injectable()
export class AlterOffers {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly offers: OffersStore,
    private readonly clock: Clock,
  ) {}

  /** A Refusal that `alter` throws is the reply of its command. */
  answer<Data extends { readonly offer_id: string }>(
    batch: readonly Command<Data>[],
    alter: (offer: Offer, data: Data, now: Temporal.Instant) => Offer,
  ): Promise<Reply<OfferView>[]> {
    return this.transactions.run((tx) =>
      this.commands.answer(tx, batch, async (fresh) => {
        const now = this.clock.now();
        const locked = await this.offers.lock(
          tx,
          fresh.map(({ data }) => offerIdOf(data.offer_id)),
        );
        const altered = new Map<string, Offer>();
        const replies = fresh.map(({ data }) => {
          const result = orRefusal(() => {
            const id = offerIdOf(data.offer_id);
            const offer = { ...alter(outsideOffer(altered.get(id) ?? locked.get(id)), data, now), changedAt: now };
            altered.set(id, offer);
            return offer;
          });
          return replyOf(result, offerView);
        });
        await this.offers.save(tx, [...altered.values()]);
        return replies;
      }),
    );
  }
}
