import { berlin, given, optional, type Sample } from './sample.js';

const expect = { amount_minor: 4_900, start_date: '2026-04-01', end_date: '2026-06-30' };

export const freeSample: Sample = {
  title: 'Free subscription',
  method: 'free',
  examples: [{ title: 'costs nothing', parameters: {}, ...berlin, expect: { ...expect, amount_minor: 0 } }],
};

export const singlePaymentSample: Sample = {
  title: 'Single payment subscription',
  method: 'single_payment',
  parameters: [given('price', 'money')],
  examples: [{ title: 'costs the price', parameters: { price: 4_900 }, ...berlin, expect }],
};

export const payWhatYouWantSample: Sample = {
  title: 'Pay what you want',
  method: 'pay_what_you_want',
  parameters: [given('minimum', 'money'), given('suggestion', 'money'), optional('maximum', 'money')],
  examples: [
    {
      title: 'costs the suggestion where no amount is chosen',
      parameters: { minimum: 1_000, suggestion: 4_900 },
      ...berlin,
      expect,
    },
    {
      title: 'costs the chosen amount',
      parameters: { minimum: 1_000, suggestion: 4_900 },
      ...berlin,
      chosen_amount_minor: 1_000,
      expect: { ...expect, amount_minor: 1_000 },
    },
  ],
};
