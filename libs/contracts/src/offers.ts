import { z } from 'zod';
import { command, query } from './contract.js';
import { offerId } from './promo-redemptions.js';
import { currency, id, instant, pageOf, paging, text } from './wire.js';

const name = text(200).describe('What reports call it.');
const offerCurrency = currency.nullable().describe('What its conversions pay in; null where any will do.');

export const registerOfferBody = z
  .strictObject({
    offer_id: offerId.describe('Its id at the outside system.'),
    name,
    currency: offerCurrency.default(null),
  })
  .meta({ id: 'RegisterOffer' });

export const changeOfferBody = z.strictObject({ name, currency: offerCurrency }).partial().meta({ id: 'ChangeOffer' });

export const offerView = z
  .object({
    offer_id: offerId,
    name: z.string(),
    class_id: id.nullable().describe('The class that it is; null for an offer of an outside system.'),
    currency: offerCurrency,
    registered_at: instant,
    changed_at: instant,
    deleted_at: instant.nullable().describe('Since when nothing converts it any more; its name stays in reports.'),
  })
  .meta({ id: 'Offer' });

export const registerOffer = command({
  type: 'promotions.register-offer.v1',
  service: 'promotions',
  about: 'Makes an offer of an outside system known. A published class is an offer by itself.',
  refusals: ['OFFER_EXISTS', 'CURRENCY_UNKNOWN'],
  request: registerOfferBody,
  response: offerView,
});

/** A class is changed where classes are. */
const changeRefusals = ['OFFER_NOT_FOUND', 'OFFER_IS_CLASS'];

export const changeOffer = command({
  type: 'promotions.change-offer.v1',
  service: 'promotions',
  about: 'Changes the name or the currency of an offer of an outside system.',
  refusals: [...changeRefusals, 'CURRENCY_UNKNOWN'],
  request: changeOfferBody.extend({ offer_id: offerId }),
  response: offerView,
});

export const deleteOffer = command({
  type: 'promotions.delete-offer.v1',
  service: 'promotions',
  about: 'Ends an offer of an outside system: what happens from now on does not convert it. Its name stays in reports.',
  refusals: changeRefusals,
  request: z.object({ offer_id: offerId }),
  response: offerView,
});

export const getOffer = query({
  type: 'promotions.get-offer.v1',
  service: 'promotions',
  about: 'One offer.',
  refusals: ['OFFER_NOT_FOUND'],
  request: z.object({ offer_id: offerId }),
  response: offerView,
});

export const offersFilter = z.strictObject({
  kind: z.enum(['class', 'outside']).optional().describe('All when left out.'),
  search: text(200).optional().describe('A part of the name, in any case, or the id.'),
});

export const listOffers = query({
  type: 'promotions.list-offers.v1',
  service: 'promotions',
  about: 'The offers, newest first.',
  request: offersFilter.extend(paging),
  response: pageOf(offerView),
});
