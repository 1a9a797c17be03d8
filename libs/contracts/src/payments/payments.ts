import { z } from 'zod';
import { command, event, query } from '../contract.js';
import {
  amountMinor,
  balanceMinor,
  currency,
  id,
  idKey,
  instant,
  optionalText,
  pageOf,
  paging,
  positiveAmountMinor,
  storableText,
  text,
} from '../wire.js';

/** An order that a payment or an available balance has just covered. */
export const fundedOrder = z.object({ order_id: id, amount_minor: positiveAmountMinor, transfer_id: id });

export const paymentView = z
  .object({
    payment_id: id,
    provider: z.string(),
    reference: z.string().describe('The payment’s own id at the provider.'),
    amount_minor: amountMinor.describe('The amount that was paid; zero when an admin found that there was no payment.'),
    currency,
    person_id: id.nullable().describe('Null while the payment is in suspense.'),
    order_id: id.nullable().describe('The order that the payment names, or that an admin assigned it to.'),
    refunded_minor: amountMinor.default(0).describe('The amount that refunds and disputes returned to the payer.'),
    extras_minor: amountMinor
      .default(0)
      .describe('The part of the amount that is tax, shipping or a tip: it is not the person’s.'),
    funded_orders: z.array(fundedOrder),
    received_at: instant.nullable().default(null).describe('When an admin says that the money was received.'),
    registered_at: instant,
  })
  .meta({ id: 'Payment' });

/** How money moves that no provider reports. */
export const handMethod = z.enum(['cash', 'bank_transfer']);

export const registerPaymentBody = z
  .strictObject({
    person_id: id.optional(),
    order_id: id.optional(),
    amount_minor: positiveAmountMinor,
    currency,
    method: handMethod,
    reference: text(200).describe('A receipt or statement number; each reference can be registered once.'),
    received_at: instant
      .optional()
      .describe('When the money was received, such as the day of the bank statement; now by default.'),
    note: optionalText(1_000).optional(),
  })
  .meta({ id: 'RegisterPayment' });

export const registerPayment = command({
  type: 'payments.register-payment.v1',
  service: 'payments',
  subject: 'payment_id',
  about:
    'Registers cash or a bank transfer by hand, on the same path as a provider’s notification. ' +
    'PAYMENT_REFERENCE_REUSED: another payment has this reference.',
  refusals: ['CURRENCY_UNKNOWN', 'PAYEE_MISSING', 'RECEIVED_IN_FUTURE', 'PAYMENT_REFERENCE_REUSED'],
  request: registerPaymentBody,
  response: paymentView,
});

/** The decision of an admin that a payment in suspense is not ours. */
const paymentDismissal = z.object({ dismissed_at: instant, dismissed_by: z.string(), note: z.string() });

export const unmatchedPayment = z
  .object({
    payment_id: id,
    provider: z.string(),
    reference: z.string(),
    amount_minor: positiveAmountMinor,
    currency,
    person_id_named: z
      .string()
      .nullable()
      .describe('The person id in the payment, which belongs to no registered person.'),
    order_id_named: z.string().nullable(),
    refunded_minor: amountMinor
      .default(0)
      .describe('The amount that was returned to the payer; the rest can be assigned.'),
    extras_minor: amountMinor
      .default(0)
      .describe('The part of the amount that is tax, shipping or a tip, and is not assigned.'),
    registered_at: instant,
    dismissal: paymentDismissal.optional().describe('Of a dismissed payment: who found that it is not ours, and why.'),
  })
  .meta({ id: 'UnmatchedPayment' });

export const unmatchedState = z
  .enum(['open', 'dismissed'])
  .default('open')
  .describe('Open: nobody is known for it. Dismissed: an admin found that it is not ours.');

export const listUnmatchedPayments = query({
  type: 'payments.list-unmatched-payments.v1',
  service: 'payments',
  about: 'Payments in suspense, or payments that were dismissed from it, oldest first.',
  request: z.object({ state: unmatchedState, ...paging(idKey) }),
  response: pageOf(unmatchedPayment),
});

export const dismissPaymentBody = z
  .strictObject({ note: text(1_000).describe('Why the payment is not ours.') })
  .meta({ id: 'DismissPayment' });

export const dismissPayment = command({
  type: 'payments.dismiss-payment.v1',
  service: 'payments',
  subject: 'payment_id',
  about:
    'Moves a payment from suspense to the account of foreign money, such as a payment of another business on the same ' +
    'account of the provider. A repeat returns the first dismissal. It can be assigned to a person all the same, and it ' +
    'moves there by itself once the person or order that it names becomes known.',
  refusals: ['PAYMENT_NOT_FOUND', 'PAYMENT_ALREADY_MATCHED'],
  request: z.object({ payment_id: id, note: text(1_000), dismissed_by: storableText(200) }),
  response: paymentDismissal.extend({ payment_id: id }).meta({ id: 'DismissedPayment' }),
});

export const assignPaymentBody = z
  .strictObject({
    person_id: id,
    order_id: id
      .optional()
      .describe('The order of this person that gets the money first; it counts before the one that the payment names.'),
  })
  .meta({ id: 'AssignPayment' });

export const assignPayment = command({
  type: 'payments.assign-payment.v1',
  service: 'payments',
  subject: 'payment_id',
  about:
    'Moves a payment from suspense to a person, where it funds orders like any other payment. ' +
    'ORDER_OF_ANOTHER_PERSON, CURRENCY_MISMATCH: the order cannot get this money.',
  refusals: [
    'PAYMENT_NOT_FOUND',
    'PAYMENT_ALREADY_MATCHED',
    'PERSON_NOT_FOUND',
    'ORDER_NOT_FOUND',
    'ORDER_OF_ANOTHER_PERSON',
    'CURRENCY_MISMATCH',
  ],
  request: z.object({ payment_id: id, ...assignPaymentBody.shape, assigned_by: storableText(200) }),
  response: paymentView,
});

export const paymentRegistered = event({
  type: 'payments.payment-registered.v1',
  producer: 'payments',
  consumers: ['subscriptions', 'notifications'],
  about: 'A payment was credited to a person or to suspense. It covers the funded orders.',
  data: z.object({
    payment_id: id,
    provider: z.string(),
    person_id: id.nullable(),
    order_id: id.nullable().optional().describe('The order that the payment names, if any.'),
    amount_minor: positiveAmountMinor,
    currency,
    funded_orders: z.array(fundedOrder),
    available_minor: balanceMinor
      .nullable()
      .optional()
      .describe('Where the named order was not funded: what the person can spend after this payment.'),
    received_at: instant.nullable().optional().describe('When an admin says that the money was received.'),
    account_version: z
      .int()
      .min(0)
      .nullable()
      .describe('The version of the person’s account after this payment; null in suspense.'),
    registered_at: instant,
  }),
});

export const paymentCredited = event({
  type: 'payments.payment-credited.v1',
  producer: 'payments',
  consumers: ['subscriptions', 'notifications'],
  about:
    'A person got the money of a payment after it was registered: it left suspense, an admin moved it from another ' +
    'person, or an admin raised its amount. The orders that it covers are published as credit-applied.',
  data: z.object({
    payment_id: id,
    person_id: id,
    order_id: id
      .nullable()
      .describe('The order that an admin gave it to, else the one that the payment names, if any.'),
    amount_minor: positiveAmountMinor.describe('The part of the payment that the person got now.'),
    currency,
    available_minor: balanceMinor
      .nullable()
      .describe('Where no money is reserved for the named order: what the person can spend after this payment.'),
    received_at: instant.describe('When an admin says that the money was received, else when it was registered.'),
    credited_at: instant,
  }),
});

/** A refund or a dispute of a payment or of a part of it, or its reinstatement. */
const refundRecorded = z.object({
  refund_id: id,
  reference: z.string().describe('The refund’s or dispute’s own id at the provider.'),
  payment_id: id,
  provider: z.string(),
  person_id: id.nullable().describe('The person whose account has the payment; null in suspense.'),
  amount_minor: positiveAmountMinor,
  currency,
  state: z
    .enum(['applied', 'reinstated'])
    .describe('Reinstated: the refund failed, or the dispute was won; the money is the person’s again.'),
  covered_minor: amountMinor.describe('Of an applied refund, the part that the account, or suspense, covered.'),
  owed_minor: amountMinor.describe(
    'Of an applied refund, the part that was not covered: the person owes it, and the next money repays it.',
  ),
  excess_minor: amountMinor
    .optional()
    .describe(
      'The part beyond what was left of the payment: an expense of ours. Of a reinstatement, the part that returned to it.',
    ),
  account_version: z.int().min(0).nullable().describe('Of the person’s account after this refund; null in suspense.'),
  orders: z.array(fundedOrder).describe('With a debt: the orders whose reserved money is released to repay it.'),
  recorded_at: instant,
});

export const paymentRefunded = event({
  type: 'payments.payment-refunded.v1',
  producer: 'payments',
  consumers: ['subscriptions', 'notifications'],
  about: 'A payment was refunded, whole or in part, or a refund failed. Unfinished orders that it paid are released.',
  data: refundRecorded,
});

export const paymentDisputed = event({
  type: 'payments.payment-disputed.v1',
  producer: 'payments',
  consumers: ['subscriptions', 'notifications'],
  about: 'The payer disputed a payment, or a dispute was won. Unfinished orders that it paid are released.',
  data: refundRecorded,
});

export const creditApplied = event({
  type: 'payments.credit-applied.v1',
  producer: 'payments',
  consumers: ['subscriptions'],
  about: 'An available balance, or a released reservation, covers this order.',
  data: z.object({
    order_id: id,
    person_id: id,
    amount_minor: positiveAmountMinor,
    currency,
    transfer_id: id,
    applied_at: instant,
  }),
});

export const orderSettled = event({
  type: 'payments.order-settled.v1',
  producer: 'payments',
  consumers: ['subscriptions', 'notifications'],
  about: 'The class’s account got the money of the order.',
  data: z.object({
    order_id: id,
    person_id: id,
    class_id: id,
    amount_minor: positiveAmountMinor,
    currency,
    transfer_id: id,
    settled_at: instant,
  }),
});
