import type { SentenceFormats } from './sentences.ts';

/**
 * A sentence for a refusal, from the details of its problem document. The person concerned reads it, and admins who
 * act for them do.
 */
export type RefusalWords = Readonly<
  Record<string, string | ((details: Readonly<Record<string, unknown>>, write: SentenceFormats) => string)>
>;

/** The server's own sentences are English; these codes are shown without one. */
export const words: RefusalWords = {
  PROMO_CODE_NOT_ACTIVE: 'This promo code is not active.',
  PROMO_CODE_NOT_STARTED: 'This promo code is not valid yet.',
  PROMO_CODE_EXPIRED: 'This promo code has expired.',
  PROMO_CODE_OUTSIDE_HOURS: 'This promo code is outside its active hours.',
  PROMO_CODE_USED_UP: 'This promo code has reached its usage limit.',
  PROMO_CODE_PERSON_LIMIT: 'This promo code has reached its usage limit per person.',
  PROMO_CODE_BUDGET_SPENT: 'The budget of this promo code is spent.',
};
