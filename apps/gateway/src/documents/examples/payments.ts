import { classBody } from './classes.js';
import { orderId, paymentId, personId, transferId } from './ids.js';
import { person } from './persons.js';

export const payment = {
  payment_id: paymentId,
  provider: 'cash',
  reference: 'R-2026-0042',
  amount_minor: 200_000,
  currency: 'INR',
  person_id: personId,
  order_id: orderId,
  refunded_minor: 0,
  extras_minor: 0,
  funded_orders: [{ order_id: orderId, amount_minor: 150_000, transfer_id: transferId }],
  received_at: '2026-03-01T16:30:00Z',
  registered_at: '2026-03-02T09:00:04Z',
};

const action = {
  action_id: '0198c0de-7a11-7c3e-8f00-3b5d1f6a000c',
  service: 'payments',
  kind: 'correct-payment',
  subjects: [paymentId],
  author: { subject: 'ravi@office', role: 'admin' },
  reason: 'Typed with two zeros too many; see the receipt.',
  recorded_at: '2026-03-02T10:15:00Z',
};

const notificationId = '0198c0de-7a11-7c3e-8f00-3b5d1f6a000b';

const dismissal = {
  dismissed_at: '2026-03-02T10:15:00Z',
  dismissed_by: 'ravi@office',
  note: 'The provider confirms 2000.00 INR; the second notification was a mistake of theirs.',
};

const foreign = {
  dismissed_at: '2026-03-02T10:15:00Z',
  dismissed_by: 'ravi@office',
  note: 'A sale of the bookshop, which uses the same account at the provider.',
};

const unmatched = {
  payment_id: paymentId,
  provider: 'standard',
  reference: 'pay_7Qk2',
  amount_minor: 150_000,
  currency: 'INR',
  person_id_named: 'asha',
  order_id_named: null,
  refunded_minor: 0,
  extras_minor: 0,
  registered_at: '2026-03-02T09:00:04Z',
};

const candidate = {
  order_id: orderId,
  person_id: personId,
  person_name: person.name,
  class_title: classBody.title,
  amount_minor: 150_000,
  currency: 'INR',
  state: 'open',
  opened_at: '2026-03-02T09:00:00Z',
  reasons: ['same_amount'],
};

/** One example of each named shape of payments and quarantined notifications, by the name of its schema. */
export const paymentsExamples = {
  RegisterPayment: {
    order_id: orderId,
    amount_minor: 200_000,
    currency: 'INR',
    method: 'cash',
    reference: 'R-2026-0042',
    received_at: '2026-03-01T16:30:00Z',
  },
  Payment: payment,
  ListedPayment: { ...payment, person_name: person.name },
  PaymentDetail: {
    ...payment,
    person_name: person.name,
    note: null,
    person_named: null,
    order_named: orderId,
    assigned_by: null,
    dismissed_at: null,
    transfers: [
      {
        transfer_id: paymentId,
        movement: 'register-payment',
        state: 'posted',
        from: 'provider_clearing cash',
        to: `person ${personId}`,
        amount_minor: 200_000,
        currency: 'INR',
        order_id: null,
        created_at: '2026-03-02T09:00:04Z',
        resolved_at: '2026-03-02T09:00:04Z',
      },
    ],
    returns: [],
    corrections: [],
    notifications: [],
  },
  UnmatchedPayment: unmatched,
  AssignmentCandidate: candidate,
  AssignmentCandidates: { payment: unmatched, left_minor: 150_000, candidates: [candidate] },
  RefundPayment: { amount_minor: 50_000, reason: 'The class was shortened; the rest was given back at the desk.' },
  CorrectPayment: { amount_minor: 20_000, reason: 'Typed with two zeros too many; see the receipt.' },
  ReassignPayment: { person_id: personId, reason: 'The receipt is in the name of this person.' },
  PayOut: { amount_minor: 50_000, currency: 'INR', method: 'bank_transfer', reason: 'The person leaves the school.' },
  PaymentCorrection: {
    correction_id: transferId,
    movement: 'correct-payment',
    payment: { ...payment, amount_minor: 20_000, funded_orders: [] },
    amount_minor: 180_000,
    owed_minor: 0,
    reason: 'Typed with two zeros too many; see the receipt.',
    recorded_at: '2026-03-02T10:15:00Z',
  },
  WriteOffShortfall: { amount_minor: 500, reason: 'The bank kept a fee for the transfer.' },
  WriteOff: {
    order_id: orderId,
    person_id: personId,
    amount_minor: 200,
    currency: 'INR',
    reason: 'The bank kept a fee for the transfer.',
    recorded_at: '2026-03-02T10:15:00Z',
  },
  Action: action,
  Actions: { items: [action], total: 1, limit: 50, next_cursor: null },
  Payout: {
    payout_id: transferId,
    person_id: personId,
    amount_minor: 50_000,
    currency: 'INR',
    method: 'bank_transfer',
    reason: 'The person leaves the school.',
    available_minor: 0,
    recorded_at: '2026-03-02T10:15:00Z',
  },
  AssignPayment: { person_id: personId, order_id: orderId },
  DismissPayment: { note: foreign.note },
  DismissedPayment: { payment_id: paymentId, ...foreign },
  WaitingRefund: {
    refund_id: transferId,
    provider: 'stripe',
    kind: 'refund',
    reference: 're_9Lm4',
    payment_reference: 'pi_3Kd8',
    amount_minor: 50_000,
    currency: 'INR',
    received_at: '2026-03-02T09:00:04Z',
  },
  Checkout: {
    order_id: orderId,
    url: 'https://checkout.stripe.com/c/pay/cs_live_a1b2c3',
    expires_at: '2026-03-03T08:55:00Z',
    amount_minor: 100_000,
    currency: 'INR',
    balance_minor: 20_000,
    debt_minor: 0,
  },
  MissingRefund: {
    payment_id: paymentId,
    provider: 'stripe',
    kind: 'refund',
    payment_reference: 'pi_7Qk2',
    reported_minor: 50_000,
    known_minor: 20_000,
    currency: 'INR',
    reported_at: '2026-03-02T09:00:04Z',
  },
  QuarantinedNotification: {
    notification_id: notificationId,
    provider: 'standard',
    event_id: 'evt_5Hw9',
    reason: 'EVENT_ID_REUSED',
    payment_id: paymentId,
    received_at: '2026-03-02T09:03:00Z',
    headers: { 'webhook-id': 'evt_5Hw9', 'webhook-timestamp': '1772442180' },
    body: '{"type":"payment.succeeded","data":{"payment_id":"pay_7Qk2","amount_minor":250000,"currency":"INR"}}',
    dismissal: null,
    settlement: null,
  },
  DismissNotification: { note: dismissal.note },
  DismissedNotification: { notification_id: notificationId, ...dismissal },
};
