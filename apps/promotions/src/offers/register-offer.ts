import { Injectable } from '@nestjs/common';
import type { RequestOf } from '#contracts/contract.js';
import type { registerOffer } from '#contracts/promotions/offers.js';
import { Clock } from '#kernel/clock.js';
import { orRefusal, Refusal } from '#kernel/refusal.js';
import type { Command, Reply } from '#messaging/envelope.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { replyOf } from '#messaging/requests/replies.js';
import { Transactions } from '#persistence/transaction.js';
import { checkCurrency, type Offer, type OfferView, offerIdOf, offerView } from './domain/offer.js';
import { OffersStore } from './offers.store.js';

type Request = RequestOf<typeof registerOffer>;

/** Registers offers of external systems, so that conversions can name them. */
@Injectable()
export class RegisterOffer {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly offers: OffersStore,
    private readonly clock: Clock,
  ) {}

  execute(batch: readonly Command<Request>[]): Promise<Reply<OfferView>[]> {
    return this.transactions.run((tx) =>
      this.commands.answer(tx, batch, async (fresh) => {
        const drafts = fresh.map(({ data }) => orRefusal(() => draftOf(data, this.clock.now())));
        const added = await this.offers.add(
          tx,
          drafts.flatMap((draft) => (draft instanceof Refusal ? [] : [draft])),
        );
        return drafts.map((draft) =>
          replyOf(draft instanceof Refusal || added.has(draft) ? draft : offerExists(), offerView),
        );
      }),
    );
  }
}

function draftOf({ offer_id, name, currency, sender }: Request, now: Temporal.Instant): Offer {
  checkCurrency(currency);
  const id = offerIdOf(offer_id);
  return { id, name, classId: null, currency, sender, registeredAt: now, changedAt: now, deletedAt: null };
}

function offerExists(): Refusal {
  return new Refusal('OFFER_EXISTS', 'An offer with this id exists already, or existed.', { field: 'offer_id' });
}
