import { orderExplanation } from '#contracts/subscriptions/orders.js';
import { subscriptionExplanation } from '#contracts/subscriptions/subscriptions.js';
import { classBody, quoted } from './classes.js';
import { classId, orderId, personId, ruleId } from './ids.js';

const discount = {
  code: 'SPRING-20',
  discount_minor: 30_000,
  explanation: 'SPRING-20: minus 300.00 INR (20% of 1500.00 INR is 300.00 INR)',
};

const order = {
  order_id: orderId,
  person_id: personId,
  class_id: classId,
  class_title: classBody.title,
  state: 'opened',
  waits_for: 'payment',
  wait_explanation: 'It waits for a payment of 1200.00 INR. It expires at 2026-03-04T09:00:00Z without it.',
  approval_required: false,
  price_minor: 150_000,
  discount_minor: 30_000,
  discounts: [discount],
  amount_minor: 120_000,
  tolerance_minor: 0,
  currency: 'INR',
  start_date: '2026-04-01',
  end_date: '2026-06-30',
  rule_id: ruleId,
  rule_version: 1,
  parameters: classBody.parameters,
  trace: quoted,
  explanation: [
    ...quoted.map(({ explanation }) => explanation),
    `${discount.explanation}.`,
    '1200.00 INR remain to be paid.',
  ].join(' '),
  opened_at: '2026-03-02T09:00:00Z',
  expires_at: '2026-03-04T09:00:00Z',
  confirmed_at: null,
  closed_at: null,
  settled_at: null,
  ended_at: null,
  end_reason: null,
  replaces_order_id: null,
  subscription_id: orderId,
  period: 0,
  due_date: null,
};

/** One example of each named shape of orders, by the name of its schema. */
export const ordersExamples = {
  OpenOrder: { person_id: personId, class_id: classId, promo_code: 'SPRING-20', amount_minor: 120_000 },
  StreamTicket: { ticket: 'q2r9V0cX3m8s5w1y7u4t6p0o9i8e2a5d1f3g7h9j0kA', expires_at: '2026-03-02T09:01:00Z' },
  CancelOrder: { reason: 'changed my mind' },
  Discount: discount,
  Order: order,
  OrderExplanation: orderExplanation.parse(order),
  LatePayment: {
    payment_id: '0198c0de-7a11-7c3e-8f00-3b5d1f6a0010',
    amount_minor: 120_000,
    currency: 'INR',
    received_at: '2026-03-05T09:00:00Z',
    credited_at: '2026-03-05T09:00:00Z',
    outcome: 'credited',
    reason_code: 'CLASS_FULL',
    reason: 'All seats of the class are taken.',
    replacement_order_id: null,
    decided_at: '2026-03-05T09:00:01Z',
  },
  OrderQueue: { waits_for: 'approval', orders: 3, more: false },
  OrderQueues: {
    queues: [
      { waits_for: 'payment', orders: 1_000, more: true },
      { waits_for: 'approval', orders: 3, more: false },
      { waits_for: 'settlement', orders: 0, more: false },
    ],
  },
  OrderStep: {
    step: 1,
    name: 'opened',
    description: 'The order was opened and a seat is held.',
    at: '2026-03-02T09:00:00Z',
  },
};

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
