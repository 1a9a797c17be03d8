import { z } from 'zod';
import { command, event, query } from '../contract.js';
import { cursorFitsSort } from '../cursors.js';
import { codesVerdict, promoCode, promoCodes } from '../promotions/promo-redemptions.js';
import {
  amountMinor,
  currency,
  day,
  id,
  idKey,
  instant,
  pageOf,
  paging,
  paragraphsText,
  staffOnly,
  text,
  timeZone,
  visibleTo,
} from '../wire.js';
import { discount } from './discount.js';
import { person } from './persons.js';
import { chosenAmount, methodRefusals, periodsShown, plannedPeriod, traceStep } from './rules.js';

const parameterValues = z.record(z.string(), z.unknown());

const repeatEnrolment = z.enum(['refused', 'allowed']);

const latePayment = z.enum(['reopen', 'credit']);

const classMembers = {
  title: text(200),
  description: paragraphsText(10_000).default(''),
  rule_id: id,
  parameters: parameterValues.default({}).describe('Values for the parameters of the rule’s template.'),
  time_zone: timeZone,
  currency,
  capacity: z.int().min(1).max(1_000_000).nullable().default(null).describe('Seats; null is unlimited.'),
  approval_required: z.boolean().default(false),
  start_date: day.nullable().default(null),
  end_date: day.nullable().default(null),
  payment_window_hours: z
    .int()
    .min(1)
    .max(24 * 90)
    .default(48)
    .describe('How long an opened order waits for its payment.'),
  repeat_enrolment: repeatEnrolment
    .default('refused')
    .describe('Whether a person may order the class for days on which the person is in it already.'),
  late_payment: latePayment
    .default('reopen')
    .describe(
      'What becomes of money for an order that has expired: another order with the same terms where a seat is free, or ' +
        'credit. Money that was received in time reopens the order in any case.',
    ),
  payment_tolerance_minor: amountMinor
    .default(0)
    .describe(
      'What may be missing of the amount of an order: the order is paid all the same, and the rest is written off.',
    ),
};

export const classBody = z.strictObject(classMembers).meta({ id: 'ClassBody' });

/** A change of any members of ClassBody except the currency. */
export const classChangeBody = z
  .strictObject({
    title: text(200),
    description: paragraphsText(10_000),
    rule_id: id,
    parameters: parameterValues,
    time_zone: timeZone,
    capacity: z.int().min(1).max(1_000_000).nullable(),
    approval_required: z.boolean(),
    start_date: day.nullable(),
    end_date: day.nullable(),
    payment_window_hours: z
      .int()
      .min(1)
      .max(24 * 90),
    repeat_enrolment: repeatEnrolment,
    late_payment: latePayment,
    payment_tolerance_minor: amountMinor,
  })
  .partial()
  .meta({ id: 'ClassChangeBody' });

export const classView = z
  .object({
    class_id: id,
    title: z.string(),
    description: z.string(),
    rule_id: id,
    rule_version: z.int().min(1),
    rule_title: z.string(),
    parameters: parameterValues,
    time_zone: z.string(),
    currency,
    price_minor: amountMinor
      .nullable()
      .default(null)
      .describe('The price of an order placed now, before discounts; null where it would be refused: see its quote.'),
    capacity: z.int().nullable(),
    seats_taken: z.int(),
    seats_left: z.int().nullable().default(null).describe('The free seats; null is unlimited.'),
    approval_required: z.boolean(),
    start_date: day.nullable(),
    end_date: day.nullable(),
    payment_window_hours: z.int(),
    repeat_enrolment: repeatEnrolment.default('refused'),
    late_payment: latePayment.default('reopen'),
    payment_tolerance_minor: staffOnly(amountMinor),
    published_at: instant,
  })
  .meta({ id: 'Class' });

export const quoteView = z
  .object({
    class_id: id,
    price_minor: amountMinor.optional().describe('The price by the rule, before discounts.'),
    discount_minor: amountMinor.default(0).describe('The sum of the discounts.'),
    discounts: z.array(discount).default([]),
    amount_minor: amountMinor.describe('The amount to pay; give it to the order, so that it never costs more.'),
    currency,
    start_date: day,
    end_date: day.nullable(),
    explanation: z.string().describe('Explains the amount and the dates in plain words.'),
    trace: z.array(traceStep).describe('The steps of the rule, in order.'),
    promo_codes: codesVerdict
      .nullable()
      .default(null)
      .describe('Whether the promo codes of the request would be accepted for this price; null without any.'),
    quoted_at: instant.optional(),
    choosable_amount: z
      .object({ minimum_minor: amountMinor, suggestion_minor: amountMinor, maximum_minor: amountMinor.nullable() })
      .nullable()
      .default(null)
      .describe(
        'The amounts from which the person may choose one as `chosen_amount_minor`; null where the rule sets it.',
      ),
    later_periods: z
      .array(plannedPeriod)
      .max(periodsShown)
      .default([])
      .describe('The periods after the ordered one, as they would be if nothing changes; without discounts.'),
    more_periods: z.boolean().default(false).describe('Whether more periods follow after those.'),
  })
  .meta({ id: 'Quote' });

export const quoteBody = z
  .strictObject({
    person_id: id.optional().describe('The person who would order; required with promo codes.'),
    promo_code: promoCode.optional(),
    promo_codes: promoCodes.optional().describe('Several codes to be combined, in place of `promo_code`.'),
    chosen_amount_minor: chosenAmount.optional(),
  })
  .refine((body) => body.promo_code === undefined || body.promo_codes === undefined, {
    path: ['promo_codes'],
    error: 'Give promo_code or promo_codes, not both.',
  })
  .refine((body) => body.person_id !== undefined || (body.promo_code ?? body.promo_codes) === undefined, {
    path: ['person_id'],
    error: 'Give the person who would use the promo codes.',
  })
  .meta({ id: 'QuoteClass' });

/** The refusals of creating and changing a class. `PARAMETER_…` name the parameter in `field`. */
const classRefusals = [
  'RULE_NOT_FOUND',
  'RULE_RETIRED',
  'PARAMETER_INVALID',
  'PARAMETER_MISSING',
  'PARAMETER_UNKNOWN',
  'TIME_ZONE_UNKNOWN',
  'CURRENCY_UNKNOWN',
  'DATES_REVERSED',
  'DATES_REQUIRED',
];

export const createClass = command({
  type: 'subscriptions.create-class.v1',
  service: 'subscriptions',
  subject: 'class_id',
  about: 'Publishes a class.',
  refusals: classRefusals,
  request: classBody,
  response: classView,
});

export const changeClass = command({
  type: 'subscriptions.change-class.v1',
  service: 'subscriptions',
  subject: 'class_id',
  about:
    'Changes a class for future orders; existing orders stay as they are. The class moves to the newest version of its rule.',
  refusals: [...classRefusals, 'CLASS_NOT_FOUND', 'CAPACITY_BELOW_SEATS_TAKEN'],
  request: classChangeBody.extend({ class_id: id }),
  response: classView,
});

export const getClass = query({
  type: 'subscriptions.get-class.v1',
  service: 'subscriptions',
  about: 'One class.',
  refusals: ['CLASS_NOT_FOUND'],
  request: z.object({ class_id: id }),
  response: classView,
});

/** How classes can be ordered: newest first, by title, or by their first day. */
const classesSort = z.enum(['newest', 'title', 'starts']);

/** The sort key of each order of the list. */
export const classesKeys = {
  newest: idKey,
  title: z.tuple([z.string().max(1_000), id]),
  starts: z.tuple([day, id]),
};

/** The filters of the list, but for `available`, which a query string writes as text. */
export const classesFilter = {
  search: text(200)
    .optional()
    .describe('An id, or the beginnings of words of the title, in any case and without accents.'),
  starts_from: day
    .optional()
    .describe('Classes that start on this day or later, and those that start with each order.'),
  sort: classesSort
    .default('newest')
    .describe('`starts`: the earliest first day first; classes that start with each order come last.'),
};

export const listClasses = query({
  type: 'subscriptions.list-classes.v1',
  service: 'subscriptions',
  about: 'The classes, newest first unless the request says otherwise.',
  request: z
    .object({ ...classesFilter, available: z.boolean().optional(), ...paging(z.union(Object.values(classesKeys))) })
    .refine(...cursorFitsSort(classesKeys)),
  response: pageOf(classView),
});

export const quoteClass = query({
  type: 'subscriptions.quote-class.v1',
  service: 'subscriptions',
  about: 'The amount and the dates of an order placed now.',
  refusals: ['CLASS_NOT_FOUND', 'CLASS_ENDED', ...methodRefusals],
  request: z.object({
    class_id: id,
    person_id: id.optional().describe('Whose quote it is; a person that does not exist is nobody in particular.'),
    chosen_amount_minor: chosenAmount.optional(),
  }),
  response: quoteView,
});

/** A query of its own, so that quotes without a code never wait for promotions. */
export const quoteDiscountedClass = query({
  type: 'subscriptions.quote-discounted-class.v1',
  service: 'subscriptions',
  about: 'The amount and the dates of an order with promo codes placed now. Nothing is held.',
  refusals: ['CLASS_NOT_FOUND', 'CLASS_ENDED', 'PERSON_NOT_FOUND', 'NOTHING_TO_DISCOUNT', ...methodRefusals],
  request: z.object({
    class_id: id,
    person_id: id,
    promo_codes: promoCodes,
    chosen_amount_minor: chosenAmount.optional(),
    visible_to: visibleTo,
  }),
  response: quoteView,
});

export const student = z
  .object({ person: person, order_id: id, start_date: day, end_date: day.nullable(), enrolled_at: instant })
  .meta({ id: 'Student' });

export const listStudents = query({
  type: 'subscriptions.list-students.v1',
  service: 'subscriptions',
  about: 'The students of a class, newest first.',
  refusals: ['CLASS_NOT_FOUND'],
  request: z.object({ class_id: id, ...paging(idKey) }),
  response: pageOf(student),
});

export const enrolment = z
  .object({
    enrolment_id: id,
    order_id: id,
    class_id: id,
    class_title: z.string(),
    start_date: day,
    end_date: day.nullable(),
    enrolled_at: instant,
  })
  .meta({ id: 'Enrolment' });

export const listEnrolments = query({
  type: 'subscriptions.list-enrolments.v1',
  service: 'subscriptions',
  about: 'The enrolments of a person, newest first.',
  refusals: ['PERSON_NOT_FOUND'],
  request: z.object({ person_id: id, ...paging(idKey) }),
  response: pageOf(enrolment),
});

const offeredClass = z.object({ class_id: id, title: z.string(), currency, published_at: instant });

/** Promotions uses it when a request names a class whose publication event has not arrived yet. */
export const findClasses = query({
  type: 'subscriptions.find-classes.v1',
  service: 'subscriptions',
  callers: ['promotions'],
  about: 'The existing ones of these classes, in any order, with the members that an offer has.',
  request: z.object({ class_ids: z.array(id).min(1).max(1_000) }),
  response: z.object({ classes: z.array(offeredClass) }),
});

export const classPublished = event({
  type: 'subscriptions.class-published.v1',
  producer: 'subscriptions',
  consumers: ['promotions', 'notifications'],
  about: 'A class was published. Promotions registers it as an offer.',
  data: offeredClass,
});

export const classChanged = event({
  type: 'subscriptions.class-changed.v1',
  producer: 'subscriptions',
  consumers: ['promotions', 'notifications'],
  about:
    'A class was changed for future orders. The event carries all members, so that a consumer needs no earlier event.',
  data: offeredClass.extend({ changed_at: instant }),
});
