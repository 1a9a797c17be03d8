import { berlin, given, optional, roundingChoices, type Sample } from './sample.js';

export const proratedSample: Sample = {
  title: 'Prorated',
  method: 'prorated',
  parameters: [
    given('price', 'money'),
    given('unit', 'choice', ['day', 'meeting']),
    optional('weekdays', 'weekdays'),
    optional('meetings', 'dates'),
    optional('rounding', 'choice', roundingChoices),
  ],
  examples: [
    {
      title: 'an order before the class pays for all of it',
      parameters: { price: 9_100, unit: 'day' },
      ...berlin,
      expect: { amount_minor: 9_100, start_date: '2026-04-01', end_date: '2026-06-30' },
    },
    {
      title: 'the last 30 of 91 days',
      parameters: { price: 9_100, unit: 'day' },
      ...berlin,
      ordered_at: '2026-05-31T22:00:00Z',
      expect: { amount_minor: 3_000, start_date: '2026-06-01', end_date: '2026-06-30' },
    },
    {
      title: 'Tuesdays and Thursdays: 9 of 26 meetings, rounded up',
      parameters: { price: 10_000, unit: 'meeting', weekdays: [2, 4], rounding: 'up' },
      ...berlin,
      ordered_at: '2026-06-01T09:00:00Z',
      expect: { amount_minor: 3_462, start_date: '2026-06-01', end_date: '2026-06-30' },
    },
    {
      title: 'the meeting of today counts',
      parameters: { price: 10_000, unit: 'meeting', meetings: ['2026-04-10', '2026-05-08', '2026-06-12'] },
      ...berlin,
      ordered_at: '2026-05-08T20:00:00Z',
      expect: { amount_minor: 6_667, start_date: '2026-05-08', end_date: '2026-06-30' },
    },
  ],
};
