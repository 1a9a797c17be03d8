import { berlin, given, optional, roundingChoices, type Sample } from './sample.js';

const openEnd = { ...berlin, class_start: null, class_end: null };

export const recurringSample: Sample = {
  title: 'Recurring',
  method: 'recurring',
  parameters: [
    given('price', 'money'),
    given('unit', 'choice', ['week', 'month', 'year']),
    optional('every', 'integer'),
    optional('trial_days', 'integer'),
    optional('anchor_day', 'integer'),
    optional('periods', 'integer'),
    optional('partial_period', 'choice', ['prorated', 'full']),
    optional('rounding', 'choice', roundingChoices),
    optional('lead_days', 'integer'),
    optional('grace_days', 'integer'),
    optional('dunning', 'dunning_steps'),
  ],
  examples: [
    {
      title: 'a month from the last day of January ends on the day before the last of February',
      parameters: { price: 4_900, unit: 'month' },
      ...openEnd,
      ordered_at: '2028-01-31T09:00:00Z',
      expect: { amount_minor: 4_900, start_date: '2028-01-31', end_date: '2028-02-28' },
    },
    {
      title: 'a year from a leap day',
      parameters: { price: 49_000, unit: 'year' },
      ...openEnd,
      ordered_at: '2028-02-29T09:00:00Z',
      expect: { amount_minor: 49_000, start_date: '2028-02-29', end_date: '2029-02-27' },
    },
    {
      title: 'two weeks across a change of the clocks',
      parameters: { price: 2_000, unit: 'week', every: 2 },
      ...openEnd,
      ordered_at: '2026-03-22T23:30:00Z',
      expect: { amount_minor: 2_000, start_date: '2026-03-23', end_date: '2026-04-05' },
    },
    {
      title: 'a trial costs nothing',
      parameters: { price: 4_900, unit: 'month', trial_days: 14 },
      ...openEnd,
      expect: { amount_minor: 0, start_date: '2026-03-02', end_date: '2026-03-15' },
    },
    {
      title: 'the days up to the first of the month',
      parameters: { price: 3_100, unit: 'month', anchor_day: 1 },
      ...openEnd,
      expect: { amount_minor: 3_000, start_date: '2026-03-02', end_date: '2026-03-31' },
    },
    {
      title: 'the class cuts its last period off',
      parameters: { price: 3_000, unit: 'month' },
      ...berlin,
      ordered_at: '2026-06-21T09:00:00Z',
      expect: { amount_minor: 1_000, start_date: '2026-06-21', end_date: '2026-06-30' },
    },
  ],
};
