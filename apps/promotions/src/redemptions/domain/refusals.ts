import { Refusal } from '#kernel/refusal.js';
import type { CodeRules } from './code-rules.js';

/** What each refusal says to whoever may know it. */
const sentences: Readonly<Record<string, string>> = {
  PROMO_CODE_UNKNOWN: 'There is no such promo code.',
  PROMO_CODE_NOT_ACTIVE: 'This promo code is not active.',
  PROMO_CODE_NOT_STARTED: 'This promo code does not work yet.',
  PROMO_CODE_EXPIRED: 'The time of this promo code is over.',
  PROMO_CODE_OUTSIDE_HOURS: 'This promo code does not work at this hour.',
  PROMO_CODE_WRONG_KIND: 'This promo code is of another kind.',
  PROMO_CODE_WRONG_OFFER: 'This promo code is not for this offer.',
  PROMO_CODE_WRONG_AUDIENCE: 'This promo code is for others.',
  PROMO_CODE_WRONG_CURRENCY: 'This promo code is for another currency.',
  PROMO_CODE_BELOW_MINIMUM: 'The amount is below what this promo code requests for.',
  PROMO_CODE_NOT_COMBINABLE: 'This promo code cannot be combined with the others.',
  PROMO_CODE_USED_UP: 'All uses of this promo code are taken.',
  PROMO_CODE_PERSON_LIMIT: 'You have used this promo code as often as one may.',
  PROMO_CODE_OFFER_LIMIT: 'This promo code was used for this offer as often as it may be.',
  PROMO_CODE_BUDGET_SPENT: 'The budget of this promo code is spent.',
};

/** The precise reason, for holders of the code, its publisher and admins. */
export function refusalOf(code: string, details: Readonly<Record<string, unknown>> = {}): Refusal {
  return new Refusal(code, sentences[code] ?? 'This promo code does not work.', details);
}

/** All that a stranger hears, whatever the reason, and whether or not there is such a code. */
export function undisclosedRefusal(): Refusal {
  return new Refusal('PROMO_CODE_NOT_USABLE', 'This promo code cannot be used here.');
}

/** A limit was met: which one, and how much it is. */
export function limitRefusal(code: string, rules: CodeRules): Refusal {
  const limits: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    PROMO_CODE_USED_UP: { max_uses: rules.maxUses },
    PROMO_CODE_PERSON_LIMIT: { max_uses_per_person: rules.maxUsesPerPerson },
    PROMO_CODE_OFFER_LIMIT: { max_uses_per_offer: rules.maxUsesPerOffer },
  };
  return refusalOf(code, { promo_code: rules.code, ...limits[code] });
}
