import { Injectable } from '@nestjs/common';
import type { RequestOf } from '#contracts/contract.js';
import type { deleteOffer } from '#contracts/promotions/offers.js';
import type { Command, Reply } from '#messaging/envelope.js';
import { AlterOffers } from './alter-offers.js';
import type { OfferView } from './domain/offer.js';

/** Deletes offers of external systems. Their past conversions keep the name and the bonus. */
@Injectable()
export class DeleteOffer {
  constructor(private readonly offers: AlterOffers) {}

  execute(batch: readonly Command<RequestOf<typeof deleteOffer>>[]): Promise<Reply<OfferView>[]> {
    return this.offers.answer(batch, (offer, _, now) => ({ ...offer, deletedAt: now }));
  }
}
