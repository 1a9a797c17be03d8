import type { z } from 'zod';
import type {
  conversionBody,
  conversionOutcome,
  conversionProblems,
  reversalReason,
} from '#contracts/promotions/conversions.js';
import { contentHash } from '#kernel/ids.js';
import { isCurrency } from '#kernel/money.js';
import type { Cause } from '#messaging/envelope.js';
import { type Offer, offerIdOf } from '../../offers/domain/offer.js';

/** An id belongs to its sender: two senders may have the same one. */
export interface ConversionName {
  readonly id: string;
  /** The outside system that reported it; null for orders, and for conversions of admins. */
  readonly sender: string | null;
}

/** A name as one text, for maps and sets. The name of a sender has no slash. */
export function keyOf({ id, sender }: ConversionName): string {
  return `${sender ?? ''}/${id}`;
}

/** A person completed an offer: in an outside system, or because their order for a class closed. */
export interface Conversion extends ConversionName {
  readonly personId: string;
  readonly offerId: string;
  /** The payout of the offer in minor units: the base of a percentage. */
  readonly payoutMinor: number;
  readonly currency: string;
  readonly occurredAt: Temporal.Instant;
  /** The order that closed; null for a conversion of an outside system. */
  readonly orderId: string | null;
  readonly cause: Cause | null;
}

export type Outcome = z.output<typeof conversionOutcome>;
/** The part of an outcome that is stored, and returned to a repeat. */
export type Earnings = Pick<Outcome, 'redemptions' | 'refusals'>;
export type ReversalReason = z.output<typeof reversalReason>;
type ProblemCode = (typeof conversionProblems)[number];

/** A conversion as an outside system reports it. */
export function conversionOf(
  body: z.output<typeof conversionBody>,
  sender: string | null,
  cause: Cause | null,
): Conversion {
  return {
    id: body.conversion_id,
    sender,
    personId: body.person_id,
    offerId: offerIdOf(body.offer_id),
    payoutMinor: body.payout_minor,
    currency: body.currency,
    occurredAt: Temporal.Instant.from(body.occurred_at),
    orderId: null,
    cause,
  };
}

/** Two reports with one id are the same conversion when their content hashes match. */
export function hashOf({ personId, offerId, payoutMinor, currency, occurredAt, orderId }: Conversion): Buffer {
  return contentHash([personId, offerId, payoutMinor, currency, occurredAt.toString(), orderId]);
}

/** The range of instants at which a conversion may have happened. */
export interface OccurredBounds {
  readonly earliest: Temporal.Instant;
  readonly latest: Temporal.Instant;
}

/**
 * Why a conversion cannot be recorded; null when it can. To a sender the offers of others do not exist. Pure.
 */
export function problemOf(
  { offerId, currency, occurredAt, sender }: Conversion,
  offer: Offer | undefined,
  isPersonKnown: boolean,
  { earliest, latest }: OccurredBounds,
): ProblemCode | null {
  const { compare } = Temporal.Instant;
  if (compare(occurredAt, earliest) < 0 || compare(occurredAt, latest) > 0) return 'OCCURRED_AT_OUT_OF_RANGE';
  if (!isPersonKnown) return 'PERSON_NOT_FOUND';
  if (offer?.id !== offerId) return 'OFFER_NOT_FOUND';
  if (offer.sender !== null && offer.sender !== sender) return 'OFFER_NOT_FOUND';
  if (offer.deletedAt && Temporal.Instant.compare(occurredAt, offer.deletedAt) >= 0) return 'OFFER_NOT_FOUND';
  if (!isCurrency(currency)) return 'CURRENCY_UNKNOWN';
  if (offer.currency !== null && offer.currency !== currency) return 'CURRENCY_MISMATCH';
  return null;
}

const messages: Readonly<Record<ProblemCode, string>> = {
  CONVERSION_REUSED: 'This conversion id was used before, for another conversion.',
  PERSON_NOT_FOUND: 'There is no such person.',
  OFFER_NOT_FOUND: 'This sender had no such offer at that time.',
  CURRENCY_UNKNOWN: 'This is not a currency of ISO 4217.',
  CURRENCY_MISMATCH: 'The offer pays in another currency.',
  OCCURRED_AT_OUT_OF_RANGE: 'It happened too long ago to be recorded, or in the future.',
};

/** The outcome of a recorded conversion. */
export function recorded(id: string, { redemptions, refusals }: Earnings, recordedAt: Temporal.Instant): Outcome {
  return { conversion_id: id, redemptions, refusals, recorded_at: recordedAt.toString(), problem: null };
}

/** The outcome of a conversion that is not recorded. */
export function unrecorded(id: string, code: ProblemCode): Outcome {
  const problem = { code, message: messages[code] };
  return { conversion_id: id, redemptions: [], refusals: [], recorded_at: null, problem };
}

type EarnedBonus = Pick<
  Outcome['redemptions'][number],
  'redemption_id' | 'code_id' | 'code' | 'bonus_minor' | 'currency'
>;

/** Whether a redemption earned money, so that payments receives an event. */
export function earns({ bonus_minor: bonusMinor }: Pick<EarnedBonus, 'bonus_minor'>): boolean {
  return bonusMinor > 0;
}

/** The bonus of a redemption, as bonus-earned and bonus-reversed publish it. */
export function bonusOf(
  use: EarnedBonus,
  { id, sender, personId, offerId }: Pick<Conversion, 'id' | 'sender' | 'personId' | 'offerId'>,
) {
  return {
    bonus_id: use.redemption_id,
    person_id: personId,
    code_id: use.code_id,
    code: use.code,
    offer_id: offerId,
    amount_minor: use.bonus_minor,
    currency: use.currency,
    conversion_id: id,
    sender: sender ?? undefined,
  };
}
