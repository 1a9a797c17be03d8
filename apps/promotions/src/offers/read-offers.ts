import { Injectable } from '@nestjs/common';
import type { RequestOf, ResponseOf } from '#contracts/contract.js';
import type { listOffers } from '#contracts/promotions/offers.js';
import { mapPage } from '#persistence/paging.js';
import { type OfferView, offerIdOf, offerNotFound, offerView } from './domain/offer.js';
import { OffersStore } from './offers.store.js';

/** Reads offers for admins. */
@Injectable()
export class ReadOffers {
  constructor(private readonly offers: OffersStore) {}

  /** @throws Refusal OFFER_NOT_FOUND */
  async one(offerId: string): Promise<OfferView> {
    const id = offerIdOf(offerId);
    const offer = (await this.offers.find([id])).get(id);
    if (!offer) throw offerNotFound();
    return offerView(offer);
  }

  async list({ kind, search, ...paging }: RequestOf<typeof listOffers>): Promise<ResponseOf<typeof listOffers>> {
    return mapPage(await this.offers.list({ kind, search }, paging), offerView);
  }
}
