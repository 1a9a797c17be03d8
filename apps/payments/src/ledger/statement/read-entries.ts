import { Injectable } from '@nestjs/common';
import type { ResponseOf } from '#contracts/contract.js';
import type { listAccountEntries } from '#contracts/payments/accounts.js';
import { mapPage, type PageWindow, type Paging, readPage } from '#persistence/paging.js';
import { Transactions } from '#persistence/transaction.js';
import { AccountEntity } from '../account.entity.js';
import { lowerOf, type Position, positionAfter, positionAt, positionIn, sortKeyAt } from './position.js';

type Entries = ResponseOf<typeof listAccountEntries>;

/** Whose entries are read, in all currencies or in one. */
interface StatementOf {
  readonly personId: string;
  readonly currency?: string | undefined;
  /** The statement as it was then; now by default. */
  readonly at?: Temporal.Instant | undefined;
}

export type EntriesOf = StatementOf & Paging;

interface EntryRow extends Omit<Entries['items'][number], 'posted_at'> {
  readonly posted_at: Temporal.Instant;
  readonly no_later_than: Temporal.Instant;
  /** The last version on the pages before, by currency. */
  readonly before: Readonly<Record<string, number>> | null;
}

/**
 * The entries of a person, newest first. Entries of one currency are in the order of their versions, even where the
 * clocks of several instances disagree. Versions have no gaps, so they give the number of entries.
 */
@Injectable()
export class ReadEntries {
  constructor(private readonly transactions: Transactions) {}

  /** One page of the statement. */
  async page({ personId, currency, at, ...paging }: EntriesOf): Promise<Entries> {
    const of = { personId, currency, at };
    let start: Position = { until: null, below: new Map() };
    const page = await readPage<EntryRow>(
      {
        read: async (window) => {
          start = await this.startOf(of, window);
          return this.rows(personId, start, window);
        },
        count: async () => {
          const { below } = await this.newest(of);
          return [...below.values()].reduce((total, version) => total + version - 1, 0);
        },
        keyOf: ({ no_later_than: until, before }, items) => {
          const earlier = Object.entries(before ?? {}).map(([currency, version]) => ({ currency, version }));
          return sortKeyAt(positionAfter(start, [...earlier, ...items], until.toString()));
        },
      },
      paging,
    );
    return mapPage(page, ({ no_later_than: _until, before: _before, posted_at: postedAt, ...entry }) => {
      return { ...entry, posted_at: postedAt.toString() };
    });
  }

  /** Where a page starts: where the page before it ended, though never above the instant of the statement. */
  private async startOf(of: StatementOf, { after }: PageWindow): Promise<Position> {
    if (!after) return this.newest(of);
    const reached = positionIn(positionAt(after), of.currency);
    return of.at === undefined ? reached : lowerOf(reached, await this.newest(of));
  }

  /** Above all entries of the person, in one currency or in all. */
  private async newest({ personId, currency, at }: StatementOf): Promise<Position> {
    if (at !== undefined) return this.newestAt(personId, currency, at);
    let accounts = this.transactions
      .kysely(AccountEntity)
      .selectFrom('account')
      .select(['currency', 'version'])
      .where('owner', '=', personId)
      .where('kind', '=', 'person');
    if (currency !== undefined) accounts = accounts.where('currency', '=', currency);
    const rows = await accounts.orderBy('currency').execute();
    return { until: null, below: new Map(rows.map((account) => [account.currency, account.version + 1])) };
  }

  /** Above the entries that stood there then: up to the first one of a later instant, as balances have it. */
  private async newestAt(personId: string, currency: string | undefined, at: Temporal.Instant): Promise<Position> {
    const rows = await this.transactions.query<{ currency: string; below: number }>(
      `select a.currency, coalesce(
         (select min(version) from entry where account_id = a.id and posted_at > $3), a.version + 1) as below
       from account a
       where a.owner = $1 and a.kind = 'person' and a.currency = coalesce($2, a.currency)
       order by a.currency`,
      [personId, currency ?? null, at],
    );
    return { until: null, below: new Map(rows.map((row) => [row.currency, row.below])) };
  }

  private rows(personId: string, { until, below }: Position, { limit, offset }: PageWindow): Promise<EntryRow[]> {
    return this.transactions.query<EntryRow>(
      `with listed as (
         select e.*, a.currency,
           row_number() over (order by e.no_later_than desc, a.currency, e.version desc) as place
         from unnest($2::text[], $3::bigint[]) as position (currency, below)
         join account a on a.owner = $1 and a.kind = 'person' and a.currency = position.currency
         cross join lateral (
           select l.*, least($4::timestamptz, min(l.posted_at) over (order by l.version desc)) as no_later_than
           from (
             select * from entry where account_id = a.id and version < position.below
             order by version desc limit $5::bigint + $6::bigint
           ) l
         ) e
       ),
       passed as (
         select jsonb_object_agg(currency, version) as before
         from (select currency, min(version) as version from listed where place <= $6 group by currency) lowest
       )
       select e.version, e.currency, e.amount_minor, e.balance_after_minor, t.movement, e.transfer_id, t.order_id,
         t.payment_id, e.posted_at, e.no_later_than, passed.before
       from listed e join transfer t on t.id = e.transfer_id cross join passed
       where e.place > $6
       order by e.place limit $5`,
      [personId, [...below.keys()], [...below.values()], until, limit, offset],
    );
  }
}
