import { z } from 'zod';
import { event, query } from '../contract.js';
import { cursorFitsSort } from '../cursors.js';
import { amountMinor, currency, day, id, instant, pageOf, paging, visibleTo } from '../wire.js';
import { orderState } from './orders.js';
import { traceStep } from './rules.js';

export const subscriptionState = z
  .enum(['active', 'suspended', 'ended'])
  .describe('`suspended`: a period is unpaid past its grace, and the person is out of the class until it is paid.');

export const subscriptionEndReason = z
  .enum(['completed', 'unpaid', 'revoked'])
  .describe('`completed`: the last day is over. `revoked`: the money of a period went back to its payer.');

export const subscriptionWait = z
  .enum(['payment', 'next_period', 'end'])
  .describe(
    '`payment`: a period is not paid yet. `next_period`: the order of the next period opens. `end`: its last day.',
  );

/** What a subscription waits for, as its views have it. */
const waiting = {
  waits_for: subscriptionWait.nullable().describe('Null of one that waits for nothing.'),
  wait_explanation: z.string().nullable().describe('Explains in plain words what the subscription waits for.'),
};

export const subscriptionView = z
  .object({
    subscription_id: id.describe('The id of its first order.'),
    person_id: id,
    person_name: z.string().optional().describe('For admins and operators.'),
    class_id: id,
    class_title: z.string(),
    state: subscriptionState,
    paid_through: day.nullable().describe('The last day of the paid periods; null for an open end.'),
    next_period: z.int().min(1).nullable().describe('The period whose order opens next; null after the last one.'),
    next_at: instant
      .nullable()
      .describe('When that order opens or, without one, the last day is over; null for an open end.'),
    due_at: instant.nullable().describe('When something happens next without an act of a person; null for nothing.'),
    started_at: instant,
    suspended_at: instant.nullable(),
    ended_at: instant.nullable(),
    end_reason: subscriptionEndReason.nullable().describe('Why it has ended, or will end with its last day.'),
  })
  .meta({ id: 'Subscription' });

export const dunningStep = z
  .object({ step: z.enum(['remind', 'suspend', 'end']), at: instant })
  .meta({ id: 'DunningInstant' });

export const subscriptionPeriod = z
  .object({
    period: z.int().min(0),
    order_id: id,
    state: orderState,
    amount_minor: amountMinor,
    currency,
    start_date: day,
    end_date: day.nullable(),
    due_date: day.nullable().describe('Of a later period: the day on which it has to be paid.'),
    opened_at: instant,
    closed_at: instant.nullable(),
    dunning: z.array(dunningStep).describe('What follows, and when, while the period is not paid.'),
    trace: z.array(traceStep).describe('The steps of the rule that led to price and dates, in order.'),
    explanation: z.string().describe('Explains the amount and the dates in plain words.'),
  })
  .meta({ id: 'SubscriptionPeriod' });

export const subscriptionDetails = subscriptionView
  .extend({
    ...waiting,
    time_zone: z.string().describe('The zone of the class, whose calendar days count.'),
    anchor: day.nullable().describe('The day from which all periods are counted; null of a single period.'),
    periods: z.array(subscriptionPeriod).describe('The orders of the periods, the first one first; the newest 200.'),
  })
  .meta({ id: 'SubscriptionDetails' });

/** How each period came about, in words and as data, and what the subscription waits for now. */
export const subscriptionExplanation = subscriptionDetails
  .pick({
    ...{ subscription_id: true, state: true, time_zone: true, anchor: true, paid_through: true, end_reason: true },
    ...{ periods: true, waits_for: true, wait_explanation: true },
  })
  .meta({ id: 'SubscriptionExplanation' });

/** The sort key of each order of the list. */
export const subscriptionsKeys = { newest: z.tuple([id]), due: z.tuple([instant, id]) };

export const subscriptionsFilter = {
  person_id: id.optional(),
  class_id: id.optional(),
  state: subscriptionState.optional(),
  due_before: instant.optional().describe('Subscriptions for which something happens before this instant.'),
  sort: z.enum(['newest', 'due']).default('newest').describe('`due`: those for which something happens first.'),
};

/** The subscriptions that are due are found in the order of their instants. */
export const dueBeforeIsSorted: [
  (request: { sort: string; due_before?: unknown }) => boolean,
  { path: string[]; error: string },
] = [
  ({ sort, due_before: before }) => before === undefined || sort === 'due',
  { path: ['due_before'], error: 'Subscriptions are selected by their due time only with sort=due.' },
];

export const listSubscriptions = query({
  type: 'subscriptions.list-subscriptions.v1',
  service: 'subscriptions',
  about: 'Subscriptions, newest first unless the request says otherwise.',
  request: z
    .object({
      visible_to: visibleTo,
      ...subscriptionsFilter,
      ...paging(z.union(Object.values(subscriptionsKeys))),
    })
    .refine(...dueBeforeIsSorted)
    .refine(...cursorFitsSort(subscriptionsKeys)),
  response: pageOf(subscriptionView),
});

export const getSubscription = query({
  type: 'subscriptions.get-subscription.v1',
  service: 'subscriptions',
  about: 'One subscription with its periods, and what it waits for. A member finds only their own.',
  refusals: ['SUBSCRIPTION_NOT_FOUND'],
  request: z.object({ subscription_id: id, visible_to: visibleTo }),
  response: subscriptionDetails,
});

export const explainSubscription = query({
  type: 'subscriptions.explain-subscription.v1',
  service: 'subscriptions',
  about: 'The calculation of each period, in words and as data, and what the subscription waits for.',
  refusals: ['SUBSCRIPTION_NOT_FOUND'],
  request: z.object({ subscription_id: id, visible_to: visibleTo }),
  response: subscriptionExplanation,
});

/** Each event of a subscription says whose it is, and of which class. Its subject is the subscription. */
const subscriptionData = z.object({ subscription_id: id, person_id: id, class_id: id });

const periodData = subscriptionData.extend({
  order_id: id,
  period: z.int().min(1).describe('The number of the period: the first order paid for period 0.'),
  amount_minor: amountMinor,
  currency,
});

const unpaidPeriodData = periodData.extend({
  due_date: day,
  suspends_at: instant.nullable().describe('When the person is out of the class until the period is paid.'),
  ends_at: instant.describe('When the order expires, and the subscription ends.'),
});

const paidPeriodData = periodData.extend({ start_date: day, end_date: day.nullable() });

export const subscriptionRenewed = event({
  type: 'subscriptions.subscription-renewed.v1',
  producer: 'subscriptions',
  consumers: ['notifications'],
  about: 'A later period of a subscription is paid.',
  data: paidPeriodData.extend({
    paid_through: day.nullable().describe('The last day of the paid periods; null for an open end.'),
    renewed_at: instant,
  }),
});

export const renewalReminded = event({
  type: 'subscriptions.renewal-reminded.v1',
  producer: 'subscriptions',
  consumers: ['notifications'],
  about: 'A later period is not paid yet, and its rule has the person reminded.',
  data: unpaidPeriodData.extend({ reminded_at: instant }),
});

export const subscriptionSuspended = event({
  type: 'subscriptions.subscription-suspended.v1',
  producer: 'subscriptions',
  consumers: ['notifications'],
  about: 'A period is unpaid past its grace: the person is out of the class until it is paid.',
  data: unpaidPeriodData.extend({ suspended_at: instant }),
});

export const subscriptionResumed = event({
  type: 'subscriptions.subscription-resumed.v1',
  producer: 'subscriptions',
  consumers: ['notifications'],
  about: 'The overdue period of a suspended subscription was paid: the person is in the class again.',
  data: paidPeriodData.extend({ suspended_at: instant, resumed_at: instant }),
});

export const subscriptionEnded = event({
  type: 'subscriptions.subscription-ended.v1',
  producer: 'subscriptions',
  consumers: ['notifications'],
  about: 'The person is out of the class, and the seat is free. No order of the subscription is open.',
  data: subscriptionData.extend({ reason: subscriptionEndReason, ended_at: instant }),
});
