import { Injectable } from '@nestjs/common';
import type { RequestOf } from '#contracts/contract.js';
import type { changeOffer } from '#contracts/promotions/offers.js';
import type { Command, Reply } from '#messaging/envelope.js';
import { AlterOffers } from './alter-offers.js';
import { checkCurrency, type OfferView } from './domain/offer.js';

/** Changes offers of external systems. Members that the request leaves out stay. */
@Injectable()
export class ChangeOffer {
  constructor(private readonly offers: AlterOffers) {}

  execute(batch: readonly Command<RequestOf<typeof changeOffer>>[]): Promise<Reply<OfferView>[]> {
    return this.offers.answer(
      batch,
      (offer, { name = offer.name, currency = offer.currency, sender = offer.sender }) => {
        checkCurrency(currency);
        return { ...offer, name, currency, sender };
      },
    );
  }
}
