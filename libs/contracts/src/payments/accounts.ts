import { z } from 'zod';
import { query } from '../contract.js';
import {
  amountMinor,
  balanceMinor,
  currency,
  id,
  instant,
  pageOf,
  paging,
  positiveAmountMinor,
  visibleTo,
} from '../wire.js';
import { paymentView } from './payments.js';

/** The kinds of movement. Each has one name, which its transfers carry for ever. */
export const movement = z
  .enum([
    'register-payment',
    'match-payment',
    'reserve',
    'grant-bonus',
    'reverse-bonus',
    'refund-payment',
    'dispute-payment',
    'reinstate-refund',
    'reinstate-dispute',
    'refund-excess',
    'dispute-excess',
    'reinstate-excess',
    'dismiss-payment',
    'raise-debt',
    'repay-debt',
    'write-off',
    'reverse-write-off',
    'collect-tax',
    'collect-shipping',
    'collect-tip',
    'return-tax',
    'return-shipping',
    'return-tip',
    'correct-payment',
    'reassign-payment',
    'pay-out',
  ])
  .describe(
    [
      'The reason of the transfer.',
      '`register-payment`: a provider or an admin reported a payment.',
      '`match-payment`: from suspense to the person who was identified.',
      '`reserve`: from a person to a class for an order; posted when the order closes.',
      '`grant-bonus`, `reverse-bonus`: a bonus of a promo code was earned or reversed.',
      '`refund-payment`, `dispute-payment`: the provider, or an admin, returned the money to the payer.',
      '`reinstate-refund`, `reinstate-dispute`: the refund failed, or the dispute was won.',
      '`refund-excess`, `dispute-excess`, `reinstate-excess`: the part beyond the payment, from and to our expenses.',
      '`dismiss-payment`: from suspense to the account of money that is not ours.',
      '`raise-debt`: the part of a refund, dispute, reversed bonus or late extra above the available balance; the ' +
        'person owes it.',
      '`repay-debt`: the part of a debt that the person’s next money repaid.',
      '`collect-tax`, `collect-shipping`, `collect-tip`: the part of a payment that is not for orders.',
      '`return-tax`, `return-shipping`, `return-tip`: what a refund took back of that part.',
      '`write-off`, `reverse-write-off`: what an order was short of within its tolerance, and its way back when the order ended.',
      '`correct-payment`: an admin corrected the amount of a payment.',
      '`reassign-payment`: an admin moved a payment to another person.',
      '`pay-out`: a balance was paid out to the person.',
    ].join(' '),
  );

export const accountView = z
  .object({
    person_id: id,
    at: instant,
    balances: z.array(
      z.object({
        currency,
        posted_minor: balanceMinor.describe('The balance, including reserved money.'),
        reserved_minor: balanceMinor.describe('The part that is reserved for orders that are not closed yet.'),
        available_minor: balanceMinor.describe('posted − reserved.'),
        owed_minor: balanceMinor
          .default(0)
          .describe(
            'The debt by refunds, disputes and reversed bonuses above the available balance. The next money repays it ' +
              'before it funds orders.',
          ),
        version: z.int().min(0).describe('Counts the entries of the account, without gaps.'),
      }),
    ),
  })
  .meta({ id: 'Account' });

export const getAccount = query({
  type: 'payments.get-account.v1',
  service: 'payments',
  about: 'A person’s balances per currency, now or at a past instant. An unknown person has none.',
  request: z.object({ person_id: id, at: instant.optional() }),
  response: accountView,
});

export const accountEntry = z
  .object({
    version: z.int().min(1),
    currency,
    amount_minor: balanceMinor.describe('Positive: to the person; negative: from the person.'),
    balance_after_minor: balanceMinor,
    movement,
    transfer_id: id,
    order_id: id.nullable(),
    class_title: z
      .string()
      .optional()
      .describe('The class of the order; absent without an order, and while it cannot be read.'),
    payment_id: id.nullable(),
    posted_at: instant,
  })
  .meta({ id: 'AccountEntry' });

/** The latest instant that may follow, and by currency the version of the entry below which the list goes on. */
const entriesKey = z.tuple([instant, z.array(z.tuple([currency, z.int().min(1)])).max(200)]);

export const listAccountEntries = query({
  type: 'payments.list-account-entries.v1',
  service: 'payments',
  about: 'The statement of a person’s account with running balance, newest first, now or as it was at a past instant.',
  request: z.object({ person_id: id, currency: currency.optional(), at: instant.optional(), ...paging(entriesKey) }),
  response: pageOf(accountEntry),
});

export const orderMoneyView = z
  .object({
    order_id: id,
    receivable: z
      .object({
        person_id: id,
        amount_minor: amountMinor,
        currency,
        state: z.enum(['open', 'reserved', 'settled', 'withdrawn']),
        lacks_minor: amountMinor
          .default(0)
          .describe('What is still to be paid: the amount, less the balance, and the debt.'),
        balance_minor: amountMinor.default(0).describe('The part of the amount that the person’s balance pays.'),
        debt_minor: amountMinor.default(0).describe('The part of `lacks_minor` that repays a debt first.'),
        explanation: z.string().describe('The state of the order’s money in plain words.'),
      })
      .nullable(),
    payments: z
      .array(paymentView)
      .describe('The payments that name this order or that its transfers name, oldest first.'),
    transfers: z.array(
      z.object({
        transfer_id: id,
        movement,
        state: z.enum(['pending', 'posted', 'voided']),
        from: z.string(),
        to: z.string(),
        amount_minor: positiveAmountMinor,
        currency,
        payment_id: id
          .nullable()
          .describe(
            'The payment that moved it. Of a reservation: the payment that completed the amount of the order; null when ' +
              'an available balance or released money covered the order.',
          ),
        created_at: instant,
        resolved_at: instant.nullable(),
      }),
    ),
  })
  .meta({ id: 'OrderMoney' });

export const getOrderMoney = query({
  type: 'payments.get-order-money.v1',
  service: 'payments',
  about: 'The payments and transfers of an order. A member sees only their own.',
  request: z.object({ order_id: id, visible_to: visibleTo }),
  response: orderMoneyView,
});

export const trialBalanceView = z
  .object({
    at: instant,
    balanced: z.boolean(),
    currencies: z.array(
      z.object({
        currency,
        sum_minor: balanceMinor.describe('Always zero in a sound ledger.'),
        accounts: z.array(
          z.object({
            kind: z.string(),
            accounts: z.int(),
            debits_minor: balanceMinor,
            credits_minor: balanceMinor,
            balance_minor: balanceMinor.describe('credits − debits'),
            pending_debits_minor: balanceMinor,
            pending_credits_minor: balanceMinor,
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'TrialBalance' });

export const getTrialBalance = query({
  type: 'payments.get-trial-balance.v1',
  service: 'payments',
  about: 'Debits and credits per currency and kind of account.',
  request: z.object({}),
  response: trialBalanceView,
});
