import { Refusal } from '#kernel/refusal.js';
import type { CodeRules } from './code-rules.js';

/** The message of each reason code, for recipients who may receive the precise reason. */
const sentences: Readonly<Record<string, string>> = {
  PROMO_CODE_UNKNOWN: 'There is no such promo code.',
  PROMO_CODE_NOT_ACTIVE: 'This promo code is not active.',
  PROMO_CODE_NOT_STARTED: 'This promo code is not valid yet.',
  PROMO_CODE_EXPIRED: 'This promo code has expired.',
  PROMO_CODE_OUTSIDE_HOURS: 'This promo code is outside its active hours.',
  PROMO_CODE_WRONG_KIND: 'This promo code is of another kind.',
  PROMO_CODE_WRONG_OFFER: 'This promo code is not for this offer.',
  PROMO_CODE_WRONG_AUDIENCE: 'This promo code is for other persons.',
  PROMO_CODE_WRONG_CURRENCY: 'This promo code is for another currency.',
  PROMO_CODE_BELOW_MINIMUM: 'The amount is below the minimum of this promo code.',
  PROMO_CODE_NOT_COMBINABLE: 'This promo code cannot be combined with the others.',
  PROMO_CODE_USED_UP: 'This promo code has reached its usage limit.',
  PROMO_CODE_PERSON_LIMIT: 'This promo code has reached its usage limit per person.',
  PROMO_CODE_NEW_PERSON_LIMIT: 'Another promo code for new persons is used or held, and one such code works once.',
  PROMO_CODE_OFFER_LIMIT: 'This promo code has reached its usage limit for this offer.',
  PROMO_CODE_BUDGET_SPENT: 'The budget of this promo code is spent.',
};

/** The refusal with its precise reason, for holders of the code, its publisher and admins. */
export function refusalOf(code: string, details: Readonly<Record<string, unknown>> = {}): Refusal {
  return new Refusal(code, sentences[code] ?? 'This promo code cannot be used.', details);
}

/** The refusal for all other persons: the same for each reason, and where there is no such code. */
export function undisclosedRefusal(): Refusal {
  return new Refusal('PROMO_CODE_NOT_USABLE', 'This promo code cannot be used here.');
}

/** The refusal for a limit that is reached, with the limit. */
export function limitRefusal(code: string, rules: CodeRules): Refusal {
  const limits: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    PROMO_CODE_USED_UP: { max_uses: rules.maxUses },
    PROMO_CODE_PERSON_LIMIT: { max_uses_per_person: rules.maxUsesPerPerson },
    PROMO_CODE_OFFER_LIMIT: { max_uses_per_offer: rules.maxUsesPerOffer },
  };
  return refusalOf(code, { promo_code: rules.code, ...limits[code] });
}
