import { Injectable } from '@nestjs/common';
import type { Selectable } from 'kysely';
import type { RequestOf, ResponseOf } from '#contracts/contract.js';
import type { listLedgerAccounts, listLedgerEntries } from '#contracts/payments/ledger.js';
import { Refusal } from '#kernel/refusal.js';
import type { TypedTable } from '#persistence/entities/typed-queries.js';
import { mapPage, type PageWindow, type Paging, pageOf, readPage } from '#persistence/paging.js';
import { Transactions } from '#persistence/transaction.js';
import { AccountEntity } from '../account.entity.js';

type Accounts = ResponseOf<typeof listLedgerAccounts>;
type Account = Accounts['items'][number];
type Entries = ResponseOf<typeof listLedgerEntries>;

/** An entry with the account at the other side of its transfer. */
interface EntryRow extends Omit<Entries['items'][number], 'other_account' | 'posted_at'> {
  readonly other_id: number;
  readonly other_kind: Account['kind'];
  readonly other_owner: string;
  readonly posted_at: Temporal.Instant;
}

/** The columns of an account that are shown. */
const accountColumns = [
  'account.id',
  'account.kind',
  'account.owner',
  'account.currency',
  'account.debitsPosted',
  'account.creditsPosted',
  'account.debitsPending',
  'account.creditsPending',
  'account.version',
  'account.openedAt',
] as const;

/** Accounts of every kind, and their entries. */
@Injectable()
export class ReadAccounts {
  constructor(private readonly transactions: Transactions) {}

  /** The accounts that match, in the order in which they were opened. */
  async list({ kind, owner, currency, ...paging }: RequestOf<typeof listLedgerAccounts>): Promise<Accounts> {
    let matching = this.accounts();
    if (kind !== undefined) matching = matching.where('account.kind', '=', kind);
    if (owner !== undefined) matching = matching.where('account.owner', '=', owner);
    if (currency !== undefined) matching = matching.where('account.currency', '=', currency);
    const order = { by: ['account.id'], direction: 'asc' } as const;
    return mapPage(await pageOf({ matching, selected: matching.select(accountColumns), order }, paging), accountOf);
  }

  /** The entries of an account, newest first. Its version is their number. @throws Refusal ACCOUNT_NOT_FOUND */
  async entries(accountId: number, paging: Paging): Promise<Entries> {
    const found = await this.accounts().select(accountColumns).where('account.id', '=', accountId).executeTakeFirst();
    if (!found) throw new Refusal('ACCOUNT_NOT_FOUND', 'There is no such account.', { field: 'account_id' });
    const page = await readPage(
      {
        read: (window) => this.rows(accountId, window),
        count: async () => found.version,
        keyOf: ({ version }) => [version],
      },
      paging,
    );
    const entries = mapPage(
      page,
      ({ other_id, other_kind: kind, other_owner: owner, posted_at: postedAt, ...entry }) => ({
        ...entry,
        other_account: { account_id: other_id, kind, owner },
        posted_at: postedAt.toString(),
      }),
    );
    return { ...entries, account: accountOf(found) };
  }

  private rows(accountId: number, { after, offset, limit }: PageWindow): Promise<EntryRow[]> {
    return this.transactions.query<EntryRow>(
      `select e.version, e.amount_minor, e.balance_after_minor, t.movement, e.transfer_id, t.order_id, t.payment_id,
         e.posted_at, o.id as other_id, o.kind as other_kind, o.owner as other_owner
       from entry e join transfer t on t.id = e.transfer_id
       join account o on o.id = case e.account_id when t.debit_account then t.credit_account else t.debit_account end
       where e.account_id = $1 and e.version < $2::bigint
       order by e.version desc limit $3 offset $4`,
      [accountId, after?.[0] ?? Number.MAX_SAFE_INTEGER, limit, offset],
    );
  }

  private accounts() {
    return this.transactions.kysely(AccountEntity).selectFrom('account');
  }
}

type AccountRow = Selectable<TypedTable<typeof AccountEntity>>;

function accountOf(row: AccountRow): Account {
  return {
    account_id: row.id,
    kind: row.kind,
    owner: row.owner,
    currency: row.currency,
    debits_minor: row.debitsPosted,
    credits_minor: row.creditsPosted,
    balance_minor: row.creditsPosted - row.debitsPosted,
    pending_debits_minor: row.debitsPending,
    pending_credits_minor: row.creditsPending,
    version: row.version,
    opened_at: row.openedAt.toString(),
  };
}
