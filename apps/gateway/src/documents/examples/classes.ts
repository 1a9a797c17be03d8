import { classId, orderId, personId, ruleId } from './ids.js';
import { person } from './persons.js';
import { ruleBody } from './rules.js';

export const classBody = {
  title: 'Beginners’ Sanskrit',
  description: 'Twelve evenings, from the alphabet to the first verses.',
  rule_id: ruleId,
  parameters: { price: 150_000 },
  time_zone: 'Asia/Kolkata',
  currency: 'INR',
  capacity: 30,
  approval_required: false,
  start_date: '2026-04-01',
  end_date: '2026-06-30',
  payment_window_hours: 48,
  repeat_enrolment: 'refused',
  late_payment: 'reopen',
  payment_tolerance_minor: 0,
};

export const quoted = [
  { step: 'amount', explanation: 'It costs 1500.00 INR, paid once.' },
  { step: 'start', explanation: 'It starts when the class starts, on 2026-04-01.' },
  { step: 'end', explanation: 'It ends with the class, on 2026-06-30, that day included.' },
];

/** One example of each named shape of classes, quotes and enrolments, by the name of its schema. */
export const classesExamples = {
  ClassBody: classBody,
  ClassChangeBody: { capacity: 40, end_date: '2026-07-15' },
  Class: {
    class_id: classId,
    ...classBody,
    rule_version: 1,
    rule_title: ruleBody.title,
    price_minor: 150_000,
    seats_taken: 12,
    seats_left: 18,
    published_at: '2026-03-01T10:10:00Z',
  },
  Quote: {
    class_id: classId,
    price_minor: 150_000,
    discount_minor: 0,
    discounts: [],
    amount_minor: 150_000,
    currency: 'INR',
    start_date: '2026-04-01',
    end_date: '2026-06-30',
    explanation: quoted.map(({ explanation }) => explanation).join(' '),
    trace: quoted,
    promo_codes: null,
    quoted_at: '2026-03-02T08:59:00Z',
    choosable_amount: null,
    later_periods: [],
    more_periods: false,
  },
  QuoteClass: { person_id: personId, promo_code: 'SPRING-20' },
  Student: {
    person,
    order_id: orderId,
    start_date: '2026-04-01',
    end_date: '2026-06-30',
    enrolled_at: '2026-03-02T09:00:05Z',
  },
  Enrolment: {
    enrolment_id: '0198c0de-7a11-7c3e-8f00-3b5d1f6a0007',
    order_id: orderId,
    class_id: classId,
    class_title: classBody.title,
    start_date: '2026-04-01',
    end_date: '2026-06-30',
    enrolled_at: '2026-03-02T09:00:05Z',
  },
};
