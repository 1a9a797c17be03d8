import { subscriptionExplanation } from '#contracts/subscriptions/subscriptions.js';
import { classBody, quoted } from './classes.js';
import { classId, orderId, personId } from './ids.js';

const subscription = {
  subscription_id: orderId,
  person_id: personId,
  class_id: classId,
  class_title: classBody.title,
  state: 'active',
  paid_through: '2026-06-30',
  next_period: null,
  next_at: '2026-06-30T18:30:00Z',
  due_at: '2026-06-30T18:30:00Z',
  started_at: '2026-03-02T10:00:00Z',
  suspended_at: null,
  ended_at: null,
  end_reason: null,
};

const period = {
  period: 0,
  order_id: orderId,
  state: 'closed',
  amount_minor: 150_000,
  currency: 'INR',
  start_date: '2026-04-01',
  end_date: '2026-06-30',
  due_date: null,
  opened_at: '2026-03-02T09:00:00Z',
  closed_at: '2026-03-02T10:00:00Z',
  dunning: [],
  trace: quoted,
  explanation: quoted.map(({ explanation }) => explanation).join(' '),
};

const details = {
  ...subscription,
  waits_for: 'end',
  wait_explanation: 'It ends at 2026-06-30T18:30:00Z, when its last day is over.',
  time_zone: classBody.time_zone,
  anchor: null,
  periods: [period],
};

/** One example of each named shape of subscriptions, by the name of its schema. */
export const subscriptionsExamples = {
  Subscription: subscription,
  SubscriptionPeriod: period,
  DunningInstant: { step: 'remind', at: '2026-04-02T18:30:00Z' },
  SubscriptionDetails: details,
  SubscriptionExplanation: subscriptionExplanation.parse(details),
};
