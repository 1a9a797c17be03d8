import { personId } from './ids.js';

const conversion = {
  conversion_id: 'shop-7/order-100245',
  person_id: personId,
  offer_id: 'shop-7',
  payout_minor: 9_500,
  currency: 'EUR',
  occurred_at: '2026-03-02T08:59:12Z',
};

export const redeemedBonus = {
  redemption_id: '0198c0de-7a11-7c3e-8f00-3b5d1f6a00a1',
  code_id: '0198c0de-7a11-7c3e-8f00-3b5d1f6a00a2',
  code: 'READERS-5',
  bonus_minor: 475,
  currency: 'EUR',
  explanation: 'READERS-5: bonus of 4.75 EUR (5% of 95.00 EUR is 4.75 EUR)',
};

const conversionOutcome = {
  conversion_id: conversion.conversion_id,
  redemptions: [redeemedBonus],
  refusals: [
    {
      code_id: '0198c0de-7a11-7c3e-8f00-3b5d1f6a00a3',
      code: 'Welcome',
      reason: 'PROMO_CODE_USED_UP',
      details: { max_uses: 3 },
    },
  ],
  recorded_at: '2026-03-02T09:00:00Z',
  problem: null,
};

/** One example of each named shape of offers and conversions, by the name of its schema. */
export const conversionsExamples = {
  RegisterOffer: { offer_id: 'shop-7', name: 'A bookshop', currency: 'EUR', sender: 'bookshop' },
  ChangeOffer: { name: 'The bookshop' },
  Offer: {
    offer_id: 'shop-7',
    name: 'A bookshop',
    class_id: null,
    currency: 'EUR',
    sender: 'bookshop',
    registered_at: '2026-03-01T08:00:00Z',
    changed_at: '2026-03-01T08:00:00Z',
    deleted_at: null,
  },
  Conversion: conversion,
  ConversionOutcome: conversionOutcome,
  ConversionOutcomes: { items: [conversionOutcome] },
  RecordedConversion: {
    ...conversion,
    sender: 'bookshop',
    order_id: null,
    redemptions: conversionOutcome.redemptions,
    refusals: conversionOutcome.refusals,
    recorded_at: conversionOutcome.recorded_at,
    reversed_at: '2026-03-09T12:00:00Z',
    reverse_reason: 'refund',
  },
  ReverseConversion: { reason: 'refund', conversion_id: conversion.conversion_id },
  Reversal: {
    conversion_id: conversion.conversion_id,
    reason: 'refund',
    reversed_at: '2026-03-09T12:00:00Z',
    redemptions: [
      {
        redemption_id: redeemedBonus.redemption_id,
        code_id: redeemedBonus.code_id,
        code: redeemedBonus.code,
        bonus_minor: redeemedBonus.bonus_minor,
        currency: redeemedBonus.currency,
        gives_back: true,
      },
    ],
  },
};
