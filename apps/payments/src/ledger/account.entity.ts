import { defineEntity } from '@mikro-orm/postgresql';
import { among, column } from '#persistence/entities/columns.js';
import { completedBySql } from '#persistence/entities/completed-by-sql.js';
import { type AccountKind, accountKinds } from './domain/posting.js';

/** An account of the ledger with its balances: its entries prove the posted sums, its transfers the pending ones. */
export const AccountEntity = completedBySql(
  defineEntity({
    name: 'Account',
    tableName: 'account',
    comment: 'Balances. No index names one of their columns, so that each update stays on its page (HOT).',
    properties: {
      id: column.identity().primary(),
      kind: column.oneOf<AccountKind>().check(among('kind', accountKinds)),
      owner: column.ascii(),
      currency: column.ascii(),
      debitsPosted: column.bigint().default(0),
      creditsPosted: column.bigint().default(0),
      debitsPending: column.bigint().default(0),
      creditsPending: column.bigint().default(0),
      version: column.bigint().default(0),
      openedAt: column.instant(),
    },
    uniques: [{ properties: ['owner', 'kind', 'currency'] }],
    indexes: [
      { name: 'account_debt', properties: ['owner', 'currency'], where: `kind = 'debt'` },
      { name: 'account_of_kind', properties: ['kind', 'id'] },
    ],
    checks: [
      {
        name: 'account_sums',
        expression: 'least(debits_posted, credits_posted, debits_pending, credits_pending) >= 0',
      },
      {
        name: 'account_person_never_below_zero',
        expression: `kind <> 'person' or credits_posted - debits_posted - debits_pending >= 0`,
      },
      { name: 'account_debt_never_overpaid', expression: `kind <> 'debt' or debits_posted >= credits_posted` },
    ],
  }),
  'alter table account set (fillfactor = 50)',
);
