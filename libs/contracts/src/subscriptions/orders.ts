import { z } from 'zod';
import { command, event, query } from '../contract.js';
import { promoCode, promoCodeRefusals, promoCodes } from '../promotions/promo-redemptions.js';
import {
  amountMinor,
  currency,
  day,
  id,
  instant,
  optionalText,
  pageOf,
  paging,
  staffOnly,
  text,
  visibleTo,
} from '../wire.js';
import { discount } from './discount.js';
import { chosenAmount, methodRefusals, traceStep } from './rules.js';

export const orderState = z.enum(['opened', 'confirmed', 'closed', 'cancelled', 'expired']);

export const orderWait = z
  .enum(['payment', 'approval', 'settlement'])
  .describe('`settlement`: the person is in the class, and its account has not received the money yet.');

const orderRequest = z.strictObject({
  person_id: id,
  class_id: id,
  currency: currency.optional().describe('When given, the class must be priced in it; the order is refused otherwise.'),
  amount_minor: amountMinor
    .optional()
    .describe('When given, the most that the order may cost after its discounts; it is refused if it would cost more.'),
  chosen_amount_minor: chosenAmount.optional(),
});

export const openOrderBody = orderRequest
  .extend({
    promo_code: promoCode.optional().describe('A promo code for a discount.'),
    promo_codes: promoCodes.optional().describe('Several codes that may be combined, in place of `promo_code`.'),
  })
  .refine((body) => body.promo_code === undefined || body.promo_codes === undefined, {
    path: ['promo_codes'],
    error: 'Give promo_code or promo_codes, not both.',
  })
  .meta({ id: 'OpenOrder' });

export const latePaymentOutcome = z
  .enum(['undecided', 'reopened', 'credited'])
  .describe(
    '`reopened`: another order with the same terms replaces this one. `credited`: the money is the person’s credit.',
  );

/**
 * A payment of an order that had ended before the money came. What the person gets of it later, by a correction, is one
 * of its own.
 */
export const latePayment = z
  .object({
    payment_id: id,
    amount_minor: amountMinor,
    currency,
    received_at: instant,
    credited_at: instant.describe('When the person got it: later than that if an admin assigned or corrected it.'),
    outcome: latePaymentOutcome,
    reason_code: z.string().nullable().describe('Why it stays credit; stable and UPPER_SNAKE.'),
    reason: z.string().nullable(),
    replacement_order_id: id.nullable(),
    decided_at: instant.nullable(),
  })
  .meta({ id: 'LatePayment' });

export const orderView = z
  .object({
    order_id: id,
    person_id: id,
    person_name: z.string().optional().describe('For admins and operators.'),
    class_id: id,
    class_title: z.string(),
    state: orderState,
    waits_for: orderWait.nullable().describe('Null of an order that waits for nothing.'),
    wait_explanation: z.string().nullable().describe('Explains in plain words what the order waits for.'),
    approval_required: z.boolean().describe('Whether an admin has to approve the order once it is paid.'),
    price_minor: amountMinor.optional().describe('The price by the rule, before discounts.'),
    discount_minor: amountMinor.default(0).describe('The sum of the discounts.'),
    discounts: z.array(discount).default([]),
    amount_minor: amountMinor.describe('The amount to pay.'),
    tolerance_minor: staffOnly(amountMinor.describe('What may be missing: the order is paid all the same.')),
    currency,
    start_date: day,
    end_date: day.nullable(),
    rule_id: id,
    rule_version: z.int(),
    parameters: z.record(z.string(), z.unknown()).describe('The values of the rule’s parameters at the opening.'),
    trace: z.array(traceStep).describe('The steps of the rule that led to price and dates, in order.'),
    explanation: z.string().describe('Explains the amount and the dates in plain words.'),
    opened_at: instant,
    expires_at: instant.nullable().describe('The end of the payment window of an opened order.'),
    confirmed_at: instant.nullable(),
    closed_at: instant.nullable(),
    settled_at: instant.nullable().describe('The instant at which the class’s account got the money.'),
    ended_at: instant.nullable().describe('When the order was cancelled or expired.'),
    end_reason: z.string().nullable(),
    replaces_order_id: id.nullable().default(null).describe('The expired order whose late payment opened this one.'),
    subscription_id: id.optional().describe('The subscription that the order begins or renews.'),
    period: z
      .int()
      .min(0)
      .default(0)
      .describe('The period of the subscription that the order pays for; 0 is the first.'),
    due_date: day.nullable().default(null).describe('Of a later period: the day on which it has to be paid.'),
    late_payments: z
      .array(latePayment)
      .optional()
      .describe('Of one order that has ended: the payments that came after its end.'),
  })
  .meta({ id: 'Order' });

const openingRefusals = [
  'PERSON_NOT_FOUND',
  'CLASS_NOT_FOUND',
  'CLASS_FULL',
  'CLASS_ENDED',
  'CURRENCY_MISMATCH',
  'ORDER_ALREADY_OPEN',
  'ALREADY_ENROLLED',
  'PRICE_CHANGED',
  'TOO_MANY_OPEN_ORDERS',
  ...methodRefusals,
];

export const openOrder = command({
  type: 'subscriptions.open-order.v1',
  service: 'subscriptions',
  subject: 'order_id',
  about: 'Opens an order and holds a seat; a free order closes at once.',
  refusals: openingRefusals,
  request: orderRequest,
  response: orderView,
});

/** A command of its own, so that orders without a code never wait for promotions. */
export const openDiscountedOrder = command({
  type: 'subscriptions.open-discounted-order.v1',
  service: 'subscriptions',
  subject: 'order_id',
  about:
    'Opens an order with discounts by promo codes: all of them or none. Promotions first holds a use of each code. If the ' +
    'order is not opened, the holds are released.',
  refusals: [...openingRefusals, 'NOTHING_TO_DISCOUNT', ...promoCodeRefusals],
  request: orderRequest.extend({ promo_codes: promoCodes }),
  response: orderView,
});

/** Promotions sends it before holds lapse. An order that does not exist at the reply will never exist. */
export const voidDrafts = command({
  type: 'subscriptions.void-drafts.v1',
  service: 'subscriptions',
  callers: ['promotions'],
  about: 'Voids the drafts of these orders and returns which orders exist. The others will never be opened.',
  request: z.object({ order_ids: z.array(id).min(1).max(500) }),
  response: z.object({ existing: z.array(id) }),
});

export const getOrder = query({
  type: 'subscriptions.get-order.v1',
  service: 'subscriptions',
  callers: ['gateway', 'payments'],
  about: 'One order. A member finds only their own.',
  refusals: ['ORDER_NOT_FOUND'],
  request: z.object({ order_id: id, visible_to: visibleTo }),
  response: orderView,
});

/** How price and days of an order came about, in words and as data, and what it waits for now. */
export const orderExplanation = orderView
  .pick({
    ...{ order_id: true, price_minor: true, discount_minor: true, discounts: true, amount_minor: true, currency: true },
    ...{ start_date: true, end_date: true, rule_version: true, parameters: true, trace: true, explanation: true },
    ...{ waits_for: true, wait_explanation: true },
  })
  .meta({ id: 'OrderExplanation' });

export const explainOrder = query({
  type: 'subscriptions.explain-order.v1',
  service: 'subscriptions',
  about: 'The calculation of one order, in words and as data, and what it waits for. A member finds only their own.',
  refusals: ['ORDER_NOT_FOUND'],
  request: z.object({ order_id: id, visible_to: visibleTo }),
  response: orderExplanation,
});

/** The beginning of an order's id: eight digits or more. */
const idPrefix = /^[0-9a-f]{8}(?:-?[0-9a-f]){0,24}-?$/i;

/** The hexadecimal digits of a search that is the beginning of an id of an order; null of another one. */
export function idDigitsOf(search: string): string | null {
  return idPrefix.test(search) ? search.replaceAll('-', '').toLowerCase() : null;
}

/** The filters of the list of orders. */
export const ordersFilter = {
  person_id: id.optional(),
  class_id: id.optional(),
  state: orderState.optional(),
  waits_for: orderWait.optional(),
  search: text(200)
    .optional()
    .describe(
      'The beginning of the order’s id (eight digits or more), the username or e-mail address of its person, or the ' +
        'reference of a payment.',
    ),
  opened_from: instant.optional().describe('Orders that were opened at this instant or later.'),
  opened_to: instant.optional().describe('Orders that were opened before this instant.'),
  sort: z
    .enum(['newest', 'oldest', 'due'])
    .default('newest')
    .describe('`due`: those that expire first; only with `waits_for=payment`.'),
};

/** Only orders that wait for a payment expire. */
export const dueOrdersWaitForPayment: [
  (request: { sort: string; waits_for?: string | undefined }) => boolean,
  { path: string[]; error: string },
] = [
  ({ sort, waits_for: waitsFor }) => sort !== 'due' || waitsFor === 'payment',
  { path: ['sort'], error: 'Orders are sorted by their due time only with waits_for=payment.' },
];

/** The sort key of every order of the list: the instant of the opening or expiry, and the id. */
const ordersKey = z.tuple([instant, id]);

export const listOrders = query({
  type: 'subscriptions.list-orders.v1',
  service: 'subscriptions',
  about: 'Orders, newest first unless the request says otherwise.',
  request: z
    .object({
      visible_to: visibleTo,
      ...ordersFilter,
      paid_order_ids: z
        .array(id)
        .max(200)
        .optional()
        .describe('With `search`: the orders of payments with that reference, as payments found them.'),
      ...paging(ordersKey),
    })
    .refine(...dueOrdersWaitForPayment),
  response: pageOf(orderView),
});

/** The largest number of orders that a queue is counted to. */
export const queueCountMax = 1_000;

export const orderQueue = z
  .object({
    waits_for: orderWait,
    orders: z.int().min(0).max(queueCountMax).describe('How many orders wait; counted up to 1,000.'),
    more: z.boolean().describe('Whether more orders wait than were counted.'),
  })
  .meta({ id: 'OrderQueue' });

export const orderQueues = z.object({ queues: z.array(orderQueue) }).meta({ id: 'OrderQueues' });

export const countOrderQueues = query({
  type: 'subscriptions.count-order-queues.v1',
  service: 'subscriptions',
  about: 'How many orders wait for money, for approval, and for settlement.',
  request: z.object({}),
  response: orderQueues,
});

export const cancelOrder = command({
  type: 'subscriptions.cancel-order.v1',
  service: 'subscriptions',
  subject: 'order_id',
  about:
    'Cancels an opened or confirmed order; its seat is free again and reserved money returns to the person. ' +
    'A cancelled order is returned unchanged.',
  refusals: ['ORDER_NOT_FOUND', 'ORDER_NOT_CANCELLABLE'],
  request: z.object({ order_id: id, visible_to: visibleTo, reason: optionalText(200).optional() }),
  response: orderView,
});

export const approveOrder = command({
  type: 'subscriptions.approve-order.v1',
  service: 'subscriptions',
  subject: 'order_id',
  about: 'Completes a confirmed order of a class that requires approval.',
  refusals: ['ORDER_NOT_FOUND', 'ORDER_NOT_CONFIRMED'],
  request: z.object({ order_id: id }),
  response: orderView,
});

/** One step of an order, as `GET /orders/:id/events` sends it. `step` counts from 1 without gaps. */
export const orderStep = z
  .object({
    step: z.int().min(1),
    name: z.enum(['opened', 'confirmed', 'closed', 'settled', 'cancelled', 'expired']),
    description: z.string(),
    at: instant,
  })
  .meta({ id: 'OrderStep' });

export const getOrderProgress = query({
  type: 'subscriptions.get-order-progress.v1',
  service: 'subscriptions',
  about: 'The steps of an order so far, oldest first.',
  refusals: ['ORDER_NOT_FOUND'],
  request: z.object({ order_id: id, visible_to: visibleTo }),
  response: z.object({ order_id: id, steps: z.array(orderStep), finished: z.boolean() }),
});

/** Each event of an order carries the whole order, so that a consumer needs no earlier event. */
const orderData = z.object({
  order_id: id,
  person_id: id,
  class_id: id,
  amount_minor: amountMinor,
  /** What may be missing of `amount_minor`: an order that is short by at most this is paid. None when absent. */
  tolerance_minor: amountMinor.optional(),
  /** The sum of the discounts; `amount_minor` is the amount after discounts. */
  discount_minor: amountMinor.optional(),
  discounts: z.array(discount).optional(),
  currency,
  start_date: day,
  end_date: day.nullable(),
  opened_at: instant,
  /** Both of an order that renews a subscription; a first order has neither. */
  subscription_id: id.optional(),
  period: z.int().min(1).optional(),
});

export const orderOpened = event({
  type: 'subscriptions.order-opened.v1',
  producer: 'subscriptions',
  consumers: ['payments', 'promotions', 'notifications'],
  about: 'An order waits for its payment. Payments opens a receivable and reserves an available balance at once.',
  data: orderData,
});

export const orderConfirmed = event({
  type: 'subscriptions.order-confirmed.v1',
  producer: 'subscriptions',
  consumers: ['notifications'],
  about:
    'An order is paid for, or is free, and waits for approval. The live stream of the order shows it. An order that needs ' +
    'no approval closes at the same instant, and only order-closed is published.',
  data: orderData.extend({ confirmed_at: instant }),
});

export const orderClosed = event({
  type: 'subscriptions.order-closed.v1',
  producer: 'subscriptions',
  consumers: ['payments', 'promotions', 'notifications'],
  about: 'The person joined the class. Payments posts the reserved money to the class; a free order moves no money.',
  data: orderData.extend({ closed_at: instant }),
});

const endedData = orderData.extend({ ended_at: instant, reason: z.string() });

export const orderCancelled = event({
  type: 'subscriptions.order-cancelled.v1',
  producer: 'subscriptions',
  consumers: ['payments', 'promotions', 'notifications'],
  about: 'The order was cancelled. Payments withdraws its receivable and voids the reservation.',
  data: endedData,
});

export const orderExpired = event({
  type: 'subscriptions.order-expired.v1',
  producer: 'subscriptions',
  consumers: ['payments', 'promotions', 'notifications'],
  about: 'The order was not paid in time. Payments withdraws the receivable and voids the reservation.',
  data: endedData,
});

export const latePaymentDecided = event({
  type: 'subscriptions.late-payment-decided.v1',
  producer: 'subscriptions',
  consumers: ['notifications'],
  about:
    'Money came for an order that had ended. Another order with the same terms replaces it, or the money stays the ' +
    'person’s credit, for the given reason.',
  data: z.object({
    payment_id: id,
    order_id: id,
    person_id: id,
    amount_minor: amountMinor,
    currency,
    outcome: z.enum(['reopened', 'credited']),
    reason_code: z.string().nullable(),
    reason: z.string().nullable(),
    replacement_order_id: id.nullable(),
    decided_at: instant,
  }),
});

export const orderReleased = event({
  type: 'subscriptions.order-released.v1',
  producer: 'subscriptions',
  consumers: ['payments'],
  about:
    'Money was reserved for an order that was no longer open. Payments voids the reservation; the money stays on ' +
    'the person’s account.',
  data: orderData.extend({ state: orderState, released_at: instant }),
});
