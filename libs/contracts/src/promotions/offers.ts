import { z } from 'zod';
import { command, query } from '../contract.js';
import { currency, id, instant, pageOf, paging, storableText, text } from '../wire.js';
import { conversionSender } from './conversion-senders.js';
import { offerId } from './promo-redemptions.js';

const name = text(200).describe('The name of the offer in reports.');
const offerCurrency = currency.nullable().describe('The currency of its conversions; null where any will do.');

const offerSender = conversionSender
  .nullable()
  .describe('The outside system that alone records conversions of the offer; null where every sender and admins may.');

export const registerOfferBody = z
  .strictObject({
    offer_id: offerId.describe('Its id in the external system.'),
    name,
    currency: offerCurrency.default(null),
    sender: offerSender.default(null),
  })
  .meta({ id: 'RegisterOffer' });

export const changeOfferBody = z
  .strictObject({ name, currency: offerCurrency, sender: offerSender })
  .partial()
  .meta({ id: 'ChangeOffer' });

export const offerView = z
  .object({
    offer_id: offerId,
    name: z.string(),
    class_id: id.nullable().describe('The class that is the offer; null for an offer of an external system.'),
    currency: offerCurrency,
    sender: offerSender,
    registered_at: instant,
    changed_at: instant,
    deleted_at: instant
      .nullable()
      .describe('From this instant on its conversions are refused. Its name stays in reports.'),
  })
  .meta({ id: 'Offer' });

export const registerOffer = command({
  type: 'promotions.register-offer.v1',
  service: 'promotions',
  subject: 'offer_id',
  about: 'Registers an offer of an external system. A published class is an offer by itself.',
  refusals: ['OFFER_EXISTS', 'CURRENCY_UNKNOWN'],
  request: registerOfferBody,
  response: offerView,
});

/** An offer that is a class changes only with the class. */
const changeRefusals = ['OFFER_NOT_FOUND', 'OFFER_IS_CLASS'];

export const changeOffer = command({
  type: 'promotions.change-offer.v1',
  service: 'promotions',
  subject: 'offer_id',
  about: 'Changes the name, the currency or the sender of an offer of an external system.',
  refusals: [...changeRefusals, 'CURRENCY_UNKNOWN'],
  request: changeOfferBody.extend({ offer_id: offerId }),
  response: offerView,
});

export const deleteOffer = command({
  type: 'promotions.delete-offer.v1',
  service: 'promotions',
  subject: 'offer_id',
  about: 'Deletes an offer of an external system: later conversions are refused. Its name stays in reports.',
  refusals: changeRefusals,
  request: z.object({ offer_id: offerId }),
  response: offerView,
});

export const getOffer = query({
  type: 'promotions.get-offer.v1',
  service: 'promotions',
  about: 'Returns an offer.',
  refusals: ['OFFER_NOT_FOUND'],
  request: z.object({ offer_id: offerId }),
  response: offerView,
});

export const offersFilter = z.strictObject({
  kind: z.enum(['class', 'outside']).optional().describe('All kinds by default.'),
  search: text(200).optional().describe('A part of the name, in any case, or the id.'),
});

export const listOffers = query({
  type: 'promotions.list-offers.v1',
  service: 'promotions',
  about: 'Lists offers, newest first.',
  request: offersFilter.extend(paging(z.tuple([instant, storableText(200)]))),
  response: pageOf(offerView),
});
