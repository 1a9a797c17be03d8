import { berlin, fixed, given, optional, type Sample } from './sample.js';

const wholeClass = [fixed('start', 'expression', 'later(today, class.start)'), fixed('end', 'expression', 'class.end')];

const early = {
  prices: [
    { date: '2026-02-28', amount_minor: 3_900 },
    { date: '2026-03-15', amount_minor: 4_400 },
  ],
  price: 4_900,
};
const days = { start_date: '2026-04-01', end_date: '2026-06-30' };

/** What the method early_bird does. */
export const earlyBirdExpressionSample: Sample = {
  title: 'Early bird by expression',
  description: 'A price list by day and a registration window, without a method of its own.',
  method: 'expression',
  parameters: [
    given('prices', 'dated_prices'),
    given('price', 'money'),
    optional('registration_closes', 'date'),
    fixed(
      'amount',
      'expression',
      'params.prices.exists(p, day(p.date) >= today) ? ' +
        'int(params.prices.filter(p, day(p.date) >= today)[0].amount_minor) : params.price',
    ),
    fixed('orderable', 'expression', '!has(params.registration_closes) || today <= params.registration_closes'),
    ...wholeClass,
  ],
  examples: [
    {
      title: 'the first price holds to the end of its day in Berlin',
      parameters: early,
      ...berlin,
      ordered_at: '2026-02-28T22:59:59Z',
      expect: { amount_minor: 3_900, ...days },
    },
    {
      title: 'the second price begins at midnight in Berlin',
      parameters: early,
      ...berlin,
      ordered_at: '2026-02-28T23:00:00Z',
      expect: { amount_minor: 4_400, ...days },
    },
    {
      title: 'the price follows the list, up to the end of registration',
      parameters: { ...early, registration_closes: '2026-03-28' },
      ...berlin,
      ordered_at: '2026-03-28T22:59:59Z',
      expect: { amount_minor: 4_900, ...days },
    },
  ],
};

/** What the method prorated does. */
export const proratedExpressionSample: Sample = {
  title: 'Prorated by expression',
  description: 'Who joins late pays for the days of the week that remain, without a method of its own.',
  method: 'expression',
  parameters: [
    given('price', 'money'),
    given('weekdays', 'weekdays'),
    fixed(
      'amount',
      'expression',
      'share(params.price, weekdays_between(params.weekdays, later(today, class.start), class.end), ' +
        'weekdays_between(params.weekdays, class.start, class.end), "up")',
    ),
    ...wholeClass,
  ],
  examples: [
    {
      title: 'an order before the class pays for all of it',
      parameters: { price: 10_000, weekdays: [2, 4] },
      ...berlin,
      expect: { amount_minor: 10_000, ...days },
    },
    {
      title: '9 of 26 meetings, rounded up',
      parameters: { price: 10_000, weekdays: [2, 4] },
      ...berlin,
      ordered_at: '2026-06-01T09:00:00Z',
      expect: { amount_minor: 3_462, start_date: '2026-06-01', end_date: '2026-06-30' },
    },
  ],
};

/** What no other method does: it depends on the person. */
export const loyaltyExpressionSample: Sample = {
  title: 'Cheaper for old friends and students',
  description: 'A share of the price off after a year, and another price for addresses of a university.',
  method: 'expression',
  parameters: [
    given('price', 'money'),
    given('percent_off', 'percentage'),
    given('student_price', 'money'),
    given('university', 'text'),
    fixed(
      'amount',
      'expression',
      'person.known && person.email_domain == params.university ? params.student_price : ' +
        'person.known && add_months(person.registered_on, 12) <= today ? ' +
        'params.price - int(double(params.price) * params.percent_off / 100.0) : params.price',
    ),
    ...wholeClass,
  ],
  examples: [
    {
      title: 'nobody in particular',
      parameters: { price: 10_000, percent_off: 10, student_price: 2_000, university: 'uni.example' },
      ...berlin,
      expect: { amount_minor: 10_000, ...days },
    },
    {
      title: 'a year ago to the day',
      parameters: { price: 10_000, percent_off: 12.5, student_price: 2_000, university: 'uni.example' },
      ...berlin,
      person: { registered_at: '2025-03-02T09:00:00Z' },
      expect: { amount_minor: 8_750, ...days },
    },
    {
      title: 'a student',
      parameters: { price: 10_000, percent_off: 10, student_price: 2_000, university: 'uni.example' },
      ...berlin,
      person: { registered_at: '2026-03-01T09:00:00Z', email_domain: 'uni.example' },
      expect: { amount_minor: 2_000, ...days },
    },
  ],
};
