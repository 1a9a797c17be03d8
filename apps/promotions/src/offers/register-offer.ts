import { Injectable } from '@nestjs/common';
import type { RequestOf } from '#contracts/contract.js';
import type { registerOffer } from '#contracts/offers.js';
import { Clock } from '#kernel/clock.js';
import { Refusal } from '#kernel/refusal.js';
import type { Command, Reply } from '#messaging/envelope.js';
import { CommandLog } from '#messaging/requests/command-log.js';
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
        const drafts = fresh.map(({ data }) => draftOf(data, this.clock.now()));
        const added = await this.offers.add(
          tx,
          drafts.flatMap((draft) => (draft instanceof Refusal ? [] : [draft])),
        );
        return drafts.map((draft): Reply<OfferView> => {
          if (draft instanceof Refusal) return { refusal: draft };
          if (added.has(draft)) return { answer: offerView(draft) };
          return {
            refusal: new Refusal('OFFER_EXISTS', 'An offer with this id exists already, or existed.', {
              field: 'offer_id',
            }),
          };
        });
      }),
    );
  }
}

function draftOf({ offer_id, name, currency }: Request, now: Temporal.Instant): Offer | Refusal {
  try {
    checkCurrency(currency);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  const id = offerIdOf(offer_id);
  return { id, name, classId: null, currency, registeredAt: now, changedAt: now, deletedAt: null };
}
