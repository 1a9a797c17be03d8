import { classBody } from './classes.js';
import { classId, personId } from './ids.js';
import { person } from './persons.js';

const application = {
  user_id: personId,
  username: person.username,
  email: person.email,
  offer_id: classId,
  offer_name: classBody.title,
  applied_at: '2026-03-02T09:00:00Z',
  bonus_earned: 12.5,
  bonus_earned_minor: 1_250,
  currency: 'INR',
  conversion_id: 'conv-7Qk2',
};

const topCode = {
  code_id: '0198c0de-7a11-7c3e-8f00-3b5d1f6a0008',
  code: 'Spring26',
  title: 'Spring bonus',
  kind: 'bonus',
  redemptions: 120,
  reversals: 2,
  amounts: [
    { currency: 'INR', discount_minor: 0, bonus_minor: 150_000, reversed_minor: 2_500, revenue_minor: 18_000_000 },
  ],
};

/** One example of each named shape of the analytics of promo codes, by the name of its schema. */
export const promoAnalyticsExamples = {
  OfferAnalytics: {
    code: topCode.code,
    currency: 'INR',
    total_uses: 118,
    total_bonus_minor: 147_550,
    offer_breakdown: [
      {
        offer_id: classId,
        offer_name: classBody.title,
        uses: 80,
        total_bonus: 1_000,
        total_bonus_minor: 100_000,
        currency: 'INR',
        unique_users: 64,
      },
      {
        offer_id: 'shop-7',
        offer_name: 'A bookshop',
        uses: 38,
        total_bonus: 475.5,
        total_bonus_minor: 47_550,
        currency: 'INR',
        unique_users: 38,
      },
    ],
  },
  UserApplication: application,
  UserApplications: { applications: [application], total: 120, page: 1, limit: 50, next_cursor: 'WzI5Nl0' },
  PromoCodeSeries: {
    code_id: topCode.code_id,
    code: topCode.code,
    from: '2026-03-01',
    to: '2026-03-02',
    days: [
      { day: '2026-03-01', redemptions: 0, reversals: 0, amounts: [] },
      { day: '2026-03-02', redemptions: 120, reversals: 2, amounts: topCode.amounts },
    ],
  },
  TopPromoCode: topCode,
  TopPromoCodes: { items: [topCode] },
  PromoCodeProof: {
    code_id: topCode.code_id,
    code: topCode.code,
    counter: 118,
    sum_of_rows: 118,
    analytics: 118,
    holds: { counter: 1, rows: 1 },
    per_person: 119,
    per_offer: 119,
    max_uses: 500,
    agrees: true,
    disagreements: [],
    at: '2026-03-02T09:01:00Z',
  },
};
