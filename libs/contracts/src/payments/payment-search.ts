import { z } from 'zod';
import { query } from '../contract.js';
import {
  amountMinor,
  balanceMinor,
  currency,
  id,
  idKey,
  instant,
  pageOf,
  paging,
  positiveAmountMinor,
  text,
} from '../wire.js';
import { movement } from './accounts.js';
import { paymentView, unmatchedPayment } from './payments.js';

/** Payments as admins look them up. */

/** The most orders that are found for one reference. */
const paidOrdersMax = 200;

export const findPaidOrders = query({
  type: 'payments.find-paid-orders.v1',
  service: 'payments',
  about: 'The orders that payments with this reference name or have funded. A reference is unique at one provider.',
  request: z.object({ reference: text(200) }),
  response: z.object({ order_ids: z.array(id).max(paidOrdersMax) }),
});

/** The filters of the list of payments. */
export const paymentsFilter = {
  search: text(200)
    .optional()
    .describe('The beginning of the reference, or the id of the payment or of an order that it names or has funded.'),
  provider: text(200).optional().describe('`cash` and `bank_transfer` are those that admins register.'),
  from: instant.optional().describe('Payments that were registered at this instant or later.'),
  to: instant.optional().describe('Payments that were registered before this instant.'),
};

/** A payment in a list, with the name of its person. */
export const listedPayment = paymentView
  .extend({ person_name: z.string().optional().describe('Absent in suspense, and while it cannot be read.') })
  .meta({ id: 'ListedPayment' });

export const listPayments = query({
  type: 'payments.list-payments.v1',
  service: 'payments',
  about: 'Payments, newest first.',
  request: z.object({ ...paymentsFilter, ...paging(idKey) }),
  response: pageOf(listedPayment),
});

/** A request of a provider that was about a payment. */
const paymentNotification = z.object({
  notification_id: id,
  event_id: z.string().nullable(),
  verdict: z.enum(['applied', 'waiting', 'duplicate', 'quarantined', 'stored', 'rejected']),
  reason: z.string().nullable(),
  body: z.string().describe('The body as received, decoded as UTF-8.'),
  received_at: instant,
});

/** A refund or a dispute of a payment. */
const paymentReturn = z.object({
  refund_id: id,
  kind: z.enum(['refund', 'dispute']),
  reference: z.string(),
  state: z.enum(['waiting', 'applied', 'reinstated']),
  amount_minor: positiveAmountMinor,
  owed_minor: amountMinor.nullable().describe('The part that the person did not have when it was applied.'),
  author: z.string().nullable().describe('The admin who registered it by hand.'),
  reason: z.string().nullable(),
  received_at: instant,
  applied_at: instant.nullable(),
  reinstated_at: instant.nullable(),
});

/** A transfer with its two accounts, as text. */
const paymentTransfer = z.object({
  transfer_id: id,
  movement,
  state: z.enum(['pending', 'posted', 'voided']),
  from: z.string().describe('Kind and owner of the account.'),
  to: z.string().describe('Kind and owner of the account.'),
  amount_minor: positiveAmountMinor,
  currency,
  order_id: id.nullable(),
  created_at: instant,
  resolved_at: instant.nullable(),
});

export const paymentDetail = listedPayment
  .extend({
    note: z.string().nullable(),
    person_named: z.string().nullable().describe('The person as the payment names them; need not be an id.'),
    order_named: z.string().nullable().describe('The order as the payment names it; need not be an id.'),
    assigned_by: z.string().nullable().describe('The admin who assigned it to its person.'),
    dismissed_at: instant.nullable(),
    transfers: z.array(paymentTransfer).describe('What moved its money, oldest first; at most 200.'),
    returns: z.array(paymentReturn).describe('Its refunds and disputes, oldest first.'),
    corrections: z
      .array(
        z.object({
          kind: z.enum(['correct', 'reassign']),
          amount_before_minor: amountMinor,
          amount_after_minor: amountMinor,
          person_before: id.nullable(),
          person_after: id.nullable(),
          moved_minor: balanceMinor,
          reason: z.string(),
          author: z.string(),
          recorded_at: instant,
        }),
      )
      .describe('What admins corrected, oldest first.'),
    notifications: z
      .array(paymentNotification)
      .describe('The requests of the provider about it and its returns, oldest first; at most 20.'),
  })
  .meta({ id: 'PaymentDetail' });

export const getPayment = query({
  type: 'payments.get-payment.v1',
  service: 'payments',
  about: 'One payment with the transfers, the returns and the notifications about it.',
  refusals: ['PAYMENT_NOT_FOUND'],
  request: z.object({ payment_id: id }),
  response: paymentDetail,
});

/** An order that a payment in suspense may be for. */
export const assignmentCandidate = z
  .object({
    order_id: id,
    person_id: id,
    person_name: z.string().optional().describe('Absent while it cannot be read.'),
    class_title: z.string().optional().describe('Absent while it cannot be read.'),
    amount_minor: amountMinor,
    currency,
    state: z.enum(['open', 'reserved', 'settled', 'withdrawn']),
    opened_at: instant,
    reasons: z
      .array(z.enum(['same_amount', 'reference', 'person']))
      .min(1)
      .describe(
        '`same_amount`: it waits for what is left of the payment. `reference`: the payment has the beginning of its id. ' +
          '`person`: the payment names its person.',
      ),
  })
  .meta({ id: 'AssignmentCandidate' });

export const listCandidates = query({
  type: 'payments.list-candidates.v1',
  service: 'payments',
  about:
    'Orders that a payment in suspense may be for, those with the most reasons first; at most 20. A decision of nobody: ' +
    'an admin assigns.',
  refusals: ['PAYMENT_NOT_FOUND'],
  request: z.object({ payment_id: id }),
  response: z
    .object({
      payment: unmatchedPayment,
      left_minor: amountMinor.describe('What is left of the payment to assign.'),
      candidates: z.array(assignmentCandidate),
    })
    .meta({ id: 'AssignmentCandidates' }),
});
