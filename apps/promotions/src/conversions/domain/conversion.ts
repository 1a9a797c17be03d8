import type { z } from 'zod';
import type { conversionBody, conversionOutcome, conversionProblems, reversalReason } from '#contracts/conversions.js';
import { contentHash } from '#kernel/ids.js';
import { isCurrency } from '#kernel/money.js';
import type { Cause } from '#messaging/envelope.js';
import { type Offer, offerIdOf } from '../../offers/domain/offer.js';

/** Somebody completed an offer: in an outside system, or because their order for a class closed. */
export interface Conversion {
  readonly id: string;
  readonly personId: string;
  readonly offerId: string;
  /** What the offer pays: what a percentage is of. */
  readonly payoutMinor: number;
  readonly currency: string;
  readonly occurredAt: Temporal.Instant;
  /** The order that it is, if it is one. */
  readonly orderId: string | null;
  readonly cause: Cause | null;
}

export type Outcome = z.output<typeof conversionOutcome>;
/** What is kept of an outcome, and answered to repeats. */
export type Earnings = Pick<Outcome, 'uses' | 'refusals'>;
export type ReversalReason = z.output<typeof reversalReason>;
type ProblemCode = (typeof conversionProblems)[number];

export function conversionOf(told: z.output<typeof conversionBody>, cause: Cause | null): Conversion {
  return {
    id: told.conversion_id,
    personId: told.person_id,
    offerId: offerIdOf(told.offer_id),
    payoutMinor: told.payout_minor,
    currency: told.currency,
    occurredAt: Temporal.Instant.from(told.occurred_at),
    orderId: null,
    cause,
  };
}

/** Two tellings with one id are the same conversion when they agree in all that they say, however they write it. */
export function hashOf({ personId, offerId, payoutMinor, currency, occurredAt, orderId }: Conversion): Buffer {
  return contentHash([personId, offerId, payoutMinor, currency, occurredAt.toString(), orderId]);
}

/** Why a conversion cannot be recorded, if it cannot. */
export function problemOf(
  { offerId, currency, occurredAt }: Conversion,
  offer: Offer | undefined,
  isPersonKnown: boolean,
): ProblemCode | null {
  if (!isPersonKnown) return 'PERSON_NOT_FOUND';
  if (offer?.id !== offerId) return 'OFFER_NOT_FOUND';
  if (offer.deletedAt && Temporal.Instant.compare(occurredAt, offer.deletedAt) >= 0) return 'OFFER_NOT_FOUND';
  if (!isCurrency(currency)) return 'CURRENCY_UNKNOWN';
  if (offer.currency !== null && offer.currency !== currency) return 'CURRENCY_MISMATCH';
  return null;
}

const messages: Readonly<Record<ProblemCode, string>> = {
  CONVERSION_REUSED: 'This conversion id was used before, for another conversion.',
  PERSON_NOT_FOUND: 'There is no such person.',
  OFFER_NOT_FOUND: 'There was no such offer when this happened.',
  CURRENCY_UNKNOWN: 'This is not a currency of ISO 4217.',
  CURRENCY_MISMATCH: 'The offer pays in another currency.',
};

export function recorded(id: string, { uses, refusals }: Earnings, recordedAt: Temporal.Instant): Outcome {
  return { conversion_id: id, uses, refusals, recorded_at: recordedAt.toString(), problem: null };
}

export function unrecorded(id: string, code: ProblemCode): Outcome {
  const problem = { code, message: messages[code] };
  return { conversion_id: id, uses: [], refusals: [], recorded_at: null, problem };
}

type EarningUse = Pick<Outcome['uses'][number], 'use_id' | 'code_id' | 'code' | 'bonus_minor' | 'currency'>;

/** Whether a use brought its person money, and payments hears of it. */
export function earns({ bonus_minor: bonusMinor }: Pick<EarningUse, 'bonus_minor'>): boolean {
  return bonusMinor > 0;
}

/** The bonus that a use earned, as payments hears of it. */
export function bonusOf(use: EarningUse, { id, personId, offerId }: Pick<Conversion, 'id' | 'personId' | 'offerId'>) {
  return {
    bonus_id: use.use_id,
    person_id: personId,
    code_id: use.code_id,
    code: use.code,
    offer_id: offerId,
    amount_minor: use.bonus_minor,
    currency: use.currency,
    conversion_id: id,
  };
}
