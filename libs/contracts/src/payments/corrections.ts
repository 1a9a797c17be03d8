import { z } from 'zod';
import { command, event } from '../contract.js';
import { amountMinor, currency, id, instant, positiveAmountMinor, text } from '../wire.js';
import { movement } from './accounts.js';
import { fundedOrder, handMethod, paymentView } from './payments.js';

const reason = text(1_000).describe('Why this is done, for the record.');

export const refundPaymentBody = z
  .strictObject({
    amount_minor: positiveAmountMinor.optional().describe('The part that was given back; by default all that is left.'),
    reason,
  })
  .meta({ id: 'RefundPayment' });

export const correctPaymentBody = z
  .strictObject({
    amount_minor: amountMinor.describe('The amount that was paid; zero when there was no such payment.'),
    reason,
  })
  .meta({ id: 'CorrectPayment' });

export const reassignPaymentBody = z
  .strictObject({
    person_id: id.describe('The person whose payment it is.'),
    order_id: id.optional().describe('The order of this person that gets the money first.'),
    reason,
  })
  .meta({ id: 'ReassignPayment' });

export const payOutBody = z
  .strictObject({ amount_minor: positiveAmountMinor, currency, method: handMethod, reason })
  .meta({ id: 'PayOut' });

/** What an admin changed of a payment. */
export const paymentCorrection = z
  .object({
    correction_id: id.describe('Also the id of the transfer.'),
    movement: movement.extract(['refund-payment', 'correct-payment', 'reassign-payment']),
    payment: paymentView,
    amount_minor: positiveAmountMinor.describe('The amount that moved.'),
    owed_minor: amountMinor.describe('The part that the person had spent already, and owes since.'),
    reason,
    recorded_at: instant,
  })
  .meta({ id: 'PaymentCorrection' });

export const refundPayment = command({
  type: 'payments.refund-payment.v1',
  service: 'payments',
  subject: 'payment_id',
  about:
    'Registers that cash or a bank transfer was given back, whole or in part. What the person has spent already becomes ' +
    'their debt. Payments of providers are refunded at the provider: PAYMENT_NOT_BY_HAND. REFUND_EXCEEDS_PAYMENT: ' +
    'less than this amount is left of the payment; see `left_minor`.',
  refusals: ['PAYMENT_NOT_FOUND', 'PAYMENT_NOT_BY_HAND', 'PAYMENT_REFUNDED', 'REFUND_EXCEEDS_PAYMENT'],
  request: z.object({ payment_id: id, ...refundPaymentBody.shape }),
  response: paymentCorrection,
});

export const correctPayment = command({
  type: 'payments.correct-payment.v1',
  service: 'payments',
  subject: 'payment_id',
  about:
    'Corrects the amount of a payment that was registered by hand. Of a smaller amount, what the person has spent ' +
    'already becomes their debt; a larger one funds orders like any other money. AMOUNT_BELOW_REFUNDED: more than this ' +
    'amount was given back already.',
  refusals: [
    'PAYMENT_NOT_FOUND',
    'PAYMENT_NOT_BY_HAND',
    'AMOUNT_UNCHANGED',
    'PAYMENT_REFUNDED',
    'AMOUNT_BELOW_REFUNDED',
  ],
  request: z.object({ payment_id: id, ...correctPaymentBody.shape }),
  response: paymentCorrection,
});

export const reassignPayment = command({
  type: 'payments.reassign-payment.v1',
  service: 'payments',
  subject: 'payment_id',
  about:
    'Moves what is left of a payment from the person who has it to the person whose it is, where it funds orders like ' +
    'any other payment. What the first person has spent already becomes their debt. PAYMENT_UNMATCHED: the payment is in ' +
    'suspense; assign it instead.',
  refusals: [
    'PAYMENT_NOT_FOUND',
    'PAYMENT_UNMATCHED',
    'PAYMENT_REFUNDED',
    'PERSON_UNCHANGED',
    'PERSON_NOT_FOUND',
    'ORDER_NOT_FOUND',
    'ORDER_OF_ANOTHER_PERSON',
    'CURRENCY_MISMATCH',
  ],
  request: z.object({ payment_id: id, ...reassignPaymentBody.shape }),
  response: paymentCorrection,
});

export const payout = z
  .object({
    payout_id: id.describe('Also the id of the transfer.'),
    person_id: id,
    amount_minor: positiveAmountMinor,
    currency,
    method: handMethod,
    reason,
    available_minor: amountMinor.describe('What the person can still spend.'),
    recorded_at: instant,
  })
  .meta({ id: 'Payout' });

export const payOutBalance = command({
  type: 'payments.pay-out-balance.v1',
  service: 'payments',
  subject: 'person_id',
  about:
    'Registers that money of a person was paid out to them. Only what is available can be paid out, and nothing that is ' +
    'reserved for an order: BALANCE_INSUFFICIENT; see `available_minor`.',
  refusals: ['CURRENCY_UNKNOWN', 'BALANCE_INSUFFICIENT'],
  request: z.object({ person_id: id, ...payOutBody.shape }),
  response: payout,
});

export const writeOffBody = z
  .strictObject({
    amount_minor: positiveAmountMinor.describe('The most that may be written off.'),
    reason,
  })
  .meta({ id: 'WriteOffShortfall' });

export const writeOff = z
  .object({
    order_id: id,
    person_id: id,
    amount_minor: positiveAmountMinor.describe('What the order was short of.'),
    currency,
    reason,
    recorded_at: instant,
  })
  .meta({ id: 'WriteOff' });

export const writeOffShortfall = command({
  type: 'payments.write-off-shortfall.v1',
  service: 'payments',
  subject: 'order_id',
  about:
    'Funds an open order that is short by a small difference: the person’s money pays it as far as it reaches, and the ' +
    'difference stands on the expense account. It goes back when the order ends. SHORTFALL_TOO_LARGE: more is missing ' +
    'than may be written off, or all of it; see `short_minor`.',
  refusals: ['ORDER_NOT_FOUND', 'ORDER_NOT_WAITING', 'ORDER_NOT_SHORT', 'SHORTFALL_TOO_LARGE'],
  request: z.object({ order_id: id, ...writeOffBody.shape }),
  response: writeOff,
});

const corrected = {
  correction_id: id,
  payment_id: id,
  provider: z.string(),
  currency,
  owed_minor: amountMinor.describe('The part that the person had spent already, and owes since.'),
  orders: z.array(fundedOrder).describe('With a debt: the orders whose reserved money is released to repay it.'),
  reason,
  recorded_at: instant,
};

export const paymentCorrected = event({
  type: 'payments.payment-corrected.v1',
  producer: 'payments',
  consumers: ['subscriptions', 'notifications'],
  about: 'An admin corrected the amount of a payment. Unfinished orders that the missing money paid are released.',
  data: z.object({
    ...corrected,
    person_id: id.nullable().describe('The person whose account has the payment; null in suspense.'),
    amount_before_minor: amountMinor,
    amount_minor: amountMinor.describe('The corrected amount.'),
  }),
});

export const paymentReassigned = event({
  type: 'payments.payment-reassigned.v1',
  producer: 'payments',
  consumers: ['subscriptions', 'notifications'],
  about: 'An admin moved a payment to another person. Unfinished orders of the first one that it paid are released.',
  data: z.object({
    ...corrected,
    from_person_id: id,
    to_person_id: id,
    amount_minor: positiveAmountMinor.describe('The part of the payment that was left, and moved.'),
  }),
});
