import { berlin, given, optional, type Sample } from './sample.js';

const parameters = {
  prices: [
    { date: '2026-02-28', amount_minor: 3_900 },
    { date: '2026-03-15', amount_minor: 4_400 },
  ],
  price: 4_900,
};
const expecting = (amountMinor: number) => {
  return { amount_minor: amountMinor, start_date: '2026-04-01', end_date: '2026-06-30' };
};

export const earlyBirdSample: Sample = {
  title: 'Early bird',
  method: 'early_bird',
  parameters: [
    given('prices', 'dated_prices'),
    given('price', 'money'),
    optional('registration_opens', 'date'),
    optional('registration_closes', 'date'),
  ],
  examples: [
    {
      title: 'the first price holds to the end of its day in Berlin',
      parameters,
      ...berlin,
      ordered_at: '2026-02-28T22:59:59Z',
      expect: expecting(3_900),
    },
    {
      title: 'the second price begins at midnight in Berlin',
      parameters,
      ...berlin,
      ordered_at: '2026-02-28T23:00:00Z',
      expect: expecting(4_400),
    },
    {
      title: 'the price follows the list',
      parameters,
      ...berlin,
      ordered_at: '2026-03-16T09:00:00Z',
      expect: expecting(4_900),
    },
    {
      title: 'an order on the last day of registration',
      parameters: { ...parameters, registration_opens: '2026-02-01', registration_closes: '2026-03-28' },
      ...berlin,
      ordered_at: '2026-03-28T22:59:59Z',
      expect: expecting(4_900),
    },
  ],
};
