import { redeemedBonus } from './conversions.js';
import { classId, personId } from './ids.js';
import { activeHours } from './promo-codes.js';

const codeBenefit = {
  code: 'SPRING-10',
  kind: 'discount',
  benefit_minor: 490,
  currency: 'EUR',
  explanation: 'SPRING-10: minus 4.90 EUR (10% of 49.00 EUR is 4.90 EUR)',
  closes_at: '2026-03-02T17:00:00Z',
};

/** One example of each named shape of the validation and application of promo codes, by the name of its schema. */
export const promoRedemptionsExamples = {
  ValidatePromoCodes: {
    person_id: personId,
    promo_codes: ['spring-10'],
    offer_id: classId,
    amount_minor: 4_900,
    currency: 'EUR',
  },
  CodeBenefit: codeBenefit,
  PromoCodesVerdict: { usable: true, benefits: [codeBenefit], benefit_minor: 490, refusal: null },
  ApplyPromoCode: { person_id: personId, promo_code: 'readers-5' },
  HeldPromoCode: {
    code_id: redeemedBonus.code_id,
    code: redeemedBonus.code,
    title: 'For readers',
    percent_bp: 500,
    amount_minor: null,
    cap_minor: null,
    minimum_minor: null,
    currency: null,
    counts_on: 'conversion',
    applied_at: '2026-03-01T17:45:00Z',
    state: 'applied',
    usable: true,
    refusal: null,
    active_hours: activeHours,
    days: null,
    next_opens_at: '2026-03-03T00:30:00Z',
    closes_at: null,
    valid_from: null,
    valid_until: null,
    offers_rule: 'some',
    offers: [{ offer_id: 'shop-7', name: 'A bookshop' }],
    uses: 1,
  },
};
