import type { ResponseOf } from '#contracts/contract.js';
import type { getOffer } from '#contracts/offers.js';
import { isId } from '#kernel/ids.js';
import { isCurrency } from '#kernel/money.js';
import { Refusal } from '#kernel/refusal.js';

/** What a code can be used for: a class, or something that an outside system sells. */
export interface Offer {
  readonly id: string;
  readonly name: string;
  readonly classId: string | null;
  /** What its conversions pay in; null where any will do. */
  readonly currency: string | null;
  readonly registeredAt: Temporal.Instant;
  readonly changedAt: Temporal.Instant;
  /** What happened from then on does not convert it. */
  readonly deletedAt: Temporal.Instant | null;
}

export type OfferView = ResponseOf<typeof getOffer>;

/** How an offer is known: a class by its id in lower case, anything else exactly as its system writes it. */
export function offerIdOf(written: string): string {
  return isId(written) ? written.toLowerCase() : written;
}

export function offerView(offer: Offer): OfferView {
  return {
    offer_id: offer.id,
    name: offer.name,
    class_id: offer.classId,
    currency: offer.currency,
    registered_at: offer.registeredAt.toString(),
    changed_at: offer.changedAt.toString(),
    deleted_at: offer.deletedAt?.toString() ?? null,
  };
}

/** @throws Refusal CURRENCY_UNKNOWN */
export function checkCurrency(currency: string | null): void {
  if (currency === null || isCurrency(currency)) return;
  throw new Refusal('CURRENCY_UNKNOWN', `${currency} is not a currency of ISO 4217.`, { field: 'currency' });
}

/** @throws Refusal OFFER_NOT_FOUND, OFFER_IS_CLASS: a class is changed where classes are */
export function outsideOffer(offer: Offer | undefined): Offer {
  if (!offer || offer.deletedAt) throw offerNotFound();
  if (offer.classId) throw new Refusal('OFFER_IS_CLASS', 'This offer is a class, and changes with it.');
  return offer;
}

export function offerNotFound(): Refusal {
  return new Refusal('OFFER_NOT_FOUND', 'There is no such offer.', { field: 'offer_id' });
}
