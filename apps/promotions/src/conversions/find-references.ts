import { Injectable } from '@nestjs/common';
import type { Offer } from '../offers/domain/offer.js';
import { FindOffers } from '../offers/find-offers.js';
import { FindPersons } from '../persons/find-persons.js';
import { ConversionsStore, type RecordedConversion } from './conversions.store.js';
import { type Conversion, keyOf } from './domain/conversion.js';

/** What conversions refer to: earlier records of the same ids, persons and offers. */
export interface References {
  readonly recorded: ReadonlyMap<string, RecordedConversion>;
  readonly persons: ReadonlySet<string>;
  readonly offers: ReadonlyMap<string, Offer>;
  /** Ids of persons and offers that are unknown here while subscriptions cannot be reached. */
  readonly doubtful: ReadonlySet<string>;
}

/**
 * Finds what conversions refer to, before any of them is recorded and outside of the transaction: a person or a class
 * that is unknown here is requested from subscriptions, and its projection is kept.
 */
@Injectable()
export class FindReferences {
  constructor(
    private readonly conversions: ConversionsStore,
    private readonly findOffers: FindOffers,
    private readonly findPersons: FindPersons,
  ) {}

  async execute(conversions: readonly Conversion[]): Promise<References> {
    const recorded = await this.conversions.find(conversions);
    const fresh = conversions.filter((conversion) => !recorded.has(keyOf(conversion)));
    if (fresh.length === 0) return { recorded, persons: new Set(), offers: new Map(), doubtful: new Set() };
    const [persons, offers] = await Promise.all([
      this.findPersons.execute(fresh.map(({ personId }) => personId)),
      this.findOffers.execute(fresh.map(({ offerId }) => offerId)),
    ]);
    const doubtful = new Set([...persons.doubtful, ...offers.doubtful]);
    return { recorded, persons: persons.found, offers: offers.found, doubtful };
  }
}
