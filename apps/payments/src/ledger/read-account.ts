import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { ResponseOf } from '#contracts/contract.js';
import type { getAccount } from '#contracts/payments/accounts.js';
import { Clock } from '#kernel/clock.js';
import { Transactions } from '#persistence/transaction.js';
import { AccountEntity } from './account.entity.js';

type Account = ResponseOf<typeof getAccount>;

/** A person's money: what stands there, and what is reserved of it. */
@Injectable()
export class ReadAccount {
  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  async now(personId: string): Promise<Account> {
    const accounts = await this.transactions
      .kysely(AccountEntity)
      .selectFrom('account')
      .leftJoin('account as debt', (join) =>
        join
          .onRef('debt.owner', '=', 'account.owner')
          .onRef('debt.currency', '=', 'account.currency')
          // As the partial index of debts has it.
          .on(sql<boolean>`debt.kind = 'debt'`),
      )
      .select(['account.currency', 'account.creditsPosted', 'account.debitsPosted', 'account.debitsPending'])
      .select('account.version')
      .select(sql<number>`account.available_minor`.as('availableMinor'))
      .select(sql<number>`coalesce(debt.owed_minor, 0)`.as('owedMinor'))
      .where('account.owner', '=', personId)
      .where('account.kind', '=', 'person')
      .orderBy('account.currency')
      .execute();
    const balances = accounts.map((account) => ({
      currency: account.currency,
      posted_minor: account.creditsPosted - account.debitsPosted,
      reserved_minor: account.debitsPending,
      available_minor: account.availableMinor,
      owed_minor: account.owedMinor,
      version: account.version,
    }));
    return { person_id: personId, at: this.clock.now().toString(), balances };
  }

  /**
   * As it stood then, from the entries and transfers themselves; what came later changes nothing about it. Entries
   * count up to the first one of a later instant: the clocks of several instances may differ, versions do not. A
   * reservation that was settled counts until its entry does, and all of them no further than what stood there:
   * nobody ever reserved more, though the clock that reserved it may have been behind the one that credited it.
   */
  async at(personId: string, instant: Temporal.Instant): Promise<Account> {
    const balances = await this.transactions.query<Account['balances'][number]>(
      `select a.currency, e.posted as posted_minor, r.reserved as reserved_minor,
         e.posted - r.reserved as available_minor, coalesce((
           select -sum(o.amount_minor)::bigint from account c join entry o on o.account_id = c.id
           where c.owner = a.owner and c.kind = 'debt' and c.currency = a.currency and o.version < coalesce(
             (select min(version) from entry where account_id = c.id and posted_at > $2), c.version + 1)
         ), 0) as owed_minor, e.version
       from account a
       cross join lateral (
         select coalesce(sum(amount_minor), 0)::bigint as posted, count(*) as version
         from entry where account_id = a.id and version < coalesce(
           (select min(version) from entry where account_id = a.id and posted_at > $2), a.version + 1)
       ) e
       cross join lateral (
         select least(coalesce(sum(amount_minor), 0)::bigint, e.posted) as reserved
         from transfer where debit_account = a.id and movement = 'reserve' and created_at <= $2
           and (resolved_at is null or resolved_at > $2
             or id in (select transfer_id from entry where account_id = a.id and version > e.version))
       ) r
       where a.owner = $1 and a.kind = 'person' and a.opened_at <= $2
       order by a.currency`,
      [personId, instant],
    );
    return { person_id: personId, at: instant.toString(), balances };
  }
}
