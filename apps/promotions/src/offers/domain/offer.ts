import type { ResponseOf } from '#contracts/contract.js';
import type { getOffer } from '#contracts/promotions/offers.js';
import { isId } from '#kernel/ids.js';
import { isCurrency } from '#kernel/money.js';
import { Refusal } from '#kernel/refusal.js';

/** What a code can be used for: a class, or something that an external system sells. */
export interface Offer {
  readonly id: string;
  readonly name: string;
  readonly classId: string | null;
  /** The currency of its conversions; null where any will do. */
  readonly currency: string | null;
  /** The outside system that alone records its conversions; null where every sender and admins may. */
  readonly sender: string | null;
  readonly registeredAt: Temporal.Instant;
  readonly changedAt: Temporal.Instant;
  /** Conversions from this instant on are refused. */
  readonly deletedAt: Temporal.Instant | null;
}

export type OfferView = ResponseOf<typeof getOffer>;

/** The id of an offer as it is stored: a class in lower case, any other exactly as its system writes it. */
export function offerIdOf(written: string): string {
  return isId(written) ? written.toLowerCase() : written;
}

/** An offer on the wire. */
export function offerView(offer: Offer): OfferView {
  return {
    offer_id: offer.id,
    name: offer.name,
    class_id: offer.classId,
    currency: offer.currency,
    sender: offer.sender,
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

/** The offer of an external system, which alone may be changed here. @throws Refusal OFFER_NOT_FOUND, OFFER_IS_CLASS */
export function outsideOffer(offer: Offer | undefined): Offer {
  if (!offer || offer.deletedAt) throw offerNotFound();
  if (offer.classId) throw new Refusal('OFFER_IS_CLASS', 'This offer is a class and changes with the class.');
  return offer;
}

/** OFFER_NOT_FOUND */
export function offerNotFound(): Refusal {
  return new Refusal('OFFER_NOT_FOUND', 'This offer does not exist.', { field: 'offer_id' });
}
