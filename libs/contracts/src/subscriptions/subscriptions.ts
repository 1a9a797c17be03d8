import { z } from 'zod';
import { event } from '../contract.js';
import { amountMinor, currency, day, id, instant } from '../wire.js';

export const subscriptionState = z
  .enum(['active', 'suspended', 'ended'])
  .describe('`suspended`: a period is unpaid past its grace, and the person is out of the class until it is paid.');

export const subscriptionEndReason = z
  .enum(['completed', 'unpaid', 'revoked'])
  .describe('`completed`: the last day is over. `revoked`: the money of a period went back to its payer.');

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
