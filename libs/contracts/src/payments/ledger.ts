import { z } from 'zod';
import { query } from '../contract.js';
import { balanceMinor, currency, id, instant, pageOf, paging, positiveAmountMinor, text } from '../wire.js';
import { movement } from './accounts.js';

/** The ledger as admins look into it: accounts, their entries, and transfers. */

export const accountKind = z.enum([
  'provider_clearing',
  'person',
  'class',
  'suspense',
  'promotion_expense',
  'write_off',
  'debt',
  'refund_expense',
  'foreign_money',
  'tax',
  'shipping',
  'tip',
  'payouts',
]);

/** Whose an account is. */
export const accountRef = z
  .object({
    account_id: z.int().min(1),
    kind: accountKind,
    owner: z.string().describe('The id of a person or class, the name of a provider, or a fixed word.'),
    owner_name: z
      .string()
      .optional()
      .describe('The name of the person, or the title of the class; absent while it cannot be read.'),
  })
  .meta({ id: 'AccountOwner' });

export const ledgerAccount = accountRef
  .extend({
    currency,
    debits_minor: balanceMinor,
    credits_minor: balanceMinor,
    balance_minor: balanceMinor.describe('credits − debits'),
    pending_debits_minor: balanceMinor,
    pending_credits_minor: balanceMinor,
    version: z.int().min(0).describe('The number of its entries.'),
    opened_at: instant,
  })
  .meta({ id: 'LedgerAccount' });

/** The filters of the list of accounts. */
export const accountsFilter = {
  kind: accountKind.optional(),
  owner: text(200).optional().describe('The id of a person or class, the name of a provider, or a fixed word.'),
  currency: currency.optional(),
};

export const listLedgerAccounts = query({
  type: 'payments.list-ledger-accounts.v1',
  service: 'payments',
  about: 'The accounts of the ledger with their balances, in the order in which they were opened.',
  request: z.object({ ...accountsFilter, ...paging(z.tuple([z.int().min(1)])) }),
  response: pageOf(ledgerAccount),
});

export const ledgerEntry = z
  .object({
    version: z.int().min(1),
    amount_minor: balanceMinor.describe('Credits are positive, debits negative.'),
    balance_after_minor: balanceMinor,
    movement,
    transfer_id: id,
    /** The account at the other side of the transfer. */
    other_account: accountRef,
    order_id: id.nullable(),
    payment_id: id.nullable(),
    posted_at: instant,
  })
  .meta({ id: 'LedgerEntry' });

export const listLedgerEntries = query({
  type: 'payments.list-ledger-entries.v1',
  service: 'payments',
  about: 'The entries of one account with running balance, newest first.',
  refusals: ['ACCOUNT_NOT_FOUND'],
  request: z.object({ account_id: z.int().min(1), ...paging(z.tuple([z.int().min(1)])) }),
  response: pageOf(ledgerEntry).extend({ account: ledgerAccount }),
});

/** An admin moved the money by hand. */
const handMovement = z.object({
  author: z.string().describe('The subject of their token.'),
  reason: z.string(),
  recorded_at: instant,
});

export const ledgerTransfer = z
  .object({
    transfer_id: id,
    movement,
    state: z.enum(['pending', 'posted', 'voided']),
    amount_minor: positiveAmountMinor,
    currency,
    from: accountRef,
    to: accountRef,
    order_id: id.nullable(),
    payment_id: id.nullable(),
    correction_of: id.nullable().describe('The transfer that this one corrects.'),
    cause: z.string().describe('The kind and id of what moved the money, once: no second transfer has the same cause.'),
    by_hand: handMovement.nullable().describe('Null of a transfer that no admin made.'),
    entries: z
      .array(
        z.object({
          account_id: z.int().min(1),
          version: z.int().min(1),
          amount_minor: balanceMinor,
          balance_after_minor: balanceMinor,
          posted_at: instant,
        }),
      )
      .describe('Of a posted transfer its two entries, whose sum is zero; of another one none.'),
    created_at: instant,
    resolved_at: instant.nullable(),
  })
  .meta({ id: 'LedgerTransfer' });

export const getTransfer = query({
  type: 'payments.get-transfer.v1',
  service: 'payments',
  about: 'One transfer of the ledger with its entries and its cause.',
  refusals: ['TRANSFER_NOT_FOUND'],
  request: z.object({ transfer_id: id }),
  response: ledgerTransfer,
});
