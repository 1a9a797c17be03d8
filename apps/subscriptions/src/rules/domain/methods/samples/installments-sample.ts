import { berlin, given, optional, type Sample } from './sample.js';

export const installmentsSample: Sample = {
  title: 'Instalments',
  method: 'installments',
  parameters: [
    given('price', 'money'),
    given('down_payment', 'money'),
    given('parts', 'integer'),
    given('unit', 'choice', ['week', 'month', 'year']),
    optional('every', 'integer'),
    optional('lead_days', 'integer'),
    optional('grace_days', 'integer'),
    optional('dunning', 'dunning_steps'),
  ],
  examples: [
    {
      title: 'the order costs the down payment',
      parameters: { price: 10_000, down_payment: 2_500, parts: 4, unit: 'month' },
      ...berlin,
      expect: { amount_minor: 2_500, start_date: '2026-04-01', end_date: '2026-06-30' },
    },
  ],
};
