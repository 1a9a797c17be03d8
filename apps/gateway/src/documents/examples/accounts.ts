import { classBody } from './classes.js';
import { classId, orderId, paymentId, personId, transferId } from './ids.js';
import { payment } from './payments.js';
import { person } from './persons.js';

const clearing = { account_id: 1, kind: 'provider_clearing', owner: 'cash' };

const personsAccount = {
  account_id: 7,
  kind: 'person',
  owner: personId,
  owner_name: person.name,
  currency: 'INR',
  debits_minor: 150_000,
  credits_minor: 200_000,
  balance_minor: 50_000,
  pending_debits_minor: 0,
  pending_credits_minor: 0,
  version: 2,
  opened_at: '2026-03-02T08:58:00Z',
};

/** One example of each named shape of accounts and the ledger, by the name of its schema. */
export const accountsExamples = {
  Account: {
    person_id: personId,
    at: '2026-03-02T09:01:00Z',
    balances: [
      { currency: 'INR', posted_minor: 50_000, reserved_minor: 0, available_minor: 50_000, owed_minor: 0, version: 2 },
    ],
  },
  AccountEntry: {
    version: 2,
    currency: 'INR',
    amount_minor: -150_000,
    balance_after_minor: 50_000,
    movement: 'reserve',
    transfer_id: transferId,
    order_id: orderId,
    class_title: classBody.title,
    payment_id: paymentId,
    posted_at: '2026-03-02T09:00:05Z',
  },
  AccountOwner: clearing,
  LedgerAccount: personsAccount,
  LedgerEntry: {
    version: 1,
    amount_minor: 200_000,
    balance_after_minor: 200_000,
    movement: 'register-payment',
    transfer_id: paymentId,
    other_account: clearing,
    order_id: null,
    payment_id: paymentId,
    posted_at: '2026-03-02T09:00:04Z',
  },
  LedgerTransfer: {
    transfer_id: paymentId,
    movement: 'register-payment',
    state: 'posted',
    amount_minor: 200_000,
    currency: 'INR',
    from: clearing,
    to: { account_id: 7, kind: 'person', owner: personId, owner_name: person.name },
    order_id: null,
    payment_id: paymentId,
    correction_of: null,
    cause: `payment/${paymentId}`,
    by_hand: null,
    entries: [
      {
        account_id: 1,
        version: 1,
        amount_minor: -200_000,
        balance_after_minor: -200_000,
        posted_at: '2026-03-02T09:00:04Z',
      },
      {
        account_id: 7,
        version: 1,
        amount_minor: 200_000,
        balance_after_minor: 200_000,
        posted_at: '2026-03-02T09:00:04Z',
      },
    ],
    created_at: '2026-03-02T09:00:04Z',
    resolved_at: '2026-03-02T09:00:04Z',
  },
  OrderMoney: {
    order_id: orderId,
    receivable: {
      person_id: personId,
      amount_minor: 150_000,
      currency: 'INR',
      state: 'settled',
      lacks_minor: 0,
      balance_minor: 0,
      debt_minor: 0,
      explanation: '1500.00 INR stand on the class’s account.',
    },
    payments: [payment],
    transfers: [
      {
        transfer_id: paymentId,
        movement: 'register-payment',
        state: 'posted',
        from: 'provider_clearing cash',
        to: `person ${personId}`,
        amount_minor: 200_000,
        currency: 'INR',
        payment_id: paymentId,
        created_at: '2026-03-02T09:00:04Z',
        resolved_at: '2026-03-02T09:00:04Z',
      },
      {
        transfer_id: transferId,
        movement: 'reserve',
        state: 'posted',
        from: `person ${personId}`,
        to: `class ${classId}`,
        amount_minor: 150_000,
        currency: 'INR',
        payment_id: paymentId,
        created_at: '2026-03-02T09:00:04Z',
        resolved_at: '2026-03-02T09:00:05Z',
      },
    ],
  },
  TrialBalance: {
    at: '2026-03-02T09:01:00Z',
    balanced: true,
    currencies: [
      {
        currency: 'INR',
        sum_minor: 0,
        accounts: [
          {
            kind: 'person',
            accounts: 1,
            debits_minor: 150_000,
            credits_minor: 200_000,
            balance_minor: 50_000,
            pending_debits_minor: 0,
            pending_credits_minor: 0,
          },
        ],
      },
    ],
  },
};
