import { Injectable } from '@nestjs/common';
import type { bonusEarned } from '#contracts/conversions.js';
import { assert } from '#kernel/assert.js';
import { Clock } from '#kernel/clock.js';
import { Inbox } from '#messaging/consuming/inbox.js';
import type { EnvelopeOf } from '#messaging/envelope.js';
import type { Tx } from '#persistence/transaction.js';
import { Transactions } from '#persistence/transaction.js';
import { causeColumns, type MovementCause } from '../ledger/cause.js';
import { accountId, setPlans } from '../ledger/ledger.sql.js';
import { bonusOf } from './bonus-events.js';

/** Bonuses were earned: they stand on their persons' accounts, and pay what those owe. */
@Injectable()
export class GrantBonuses {
  constructor(
    private readonly transactions: Transactions,
    private readonly inbox: Inbox,
    private readonly clock: Clock,
  ) {}

  async execute(batch: readonly EnvelopeOf<typeof bonusEarned>[]): Promise<void> {
    await this.transactions.run(async (tx) => {
      const fresh = await this.inbox.admit(tx, 'grant-bonuses', batch);
      if (fresh.length === 0) return;
      await grantBonuses(tx, fresh.map(bonusOf), this.clock.now());
    });
  }
}

/**
 * Grant: promotion expense → person, posted. A bonus that promotions says is earned is money like any other, and funds
 * what its person owes. Each is granted once; one that was taken back before moves nothing any more.
 */
export interface Bonus {
  readonly bonusId: string;
  readonly personId: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly cause: MovementCause;
}

export const grantBonusesTypes = [
  `create type bonus_event as (
     bonus_id uuid, person_id uuid, amount_minor bigint, currency text, reason text, cause cause)`,
];

export const grantBonusesFunctions = [
  // Of each bonus, whether it is the one that is known by its id: same person, amount and currency.
  `create or replace function bonuses_agree(told bonus_event[]) returns table (bonus_id uuid, agrees boolean)
   language sql stable as $$
     select t.bonus_id, (t.person_id, t.amount_minor, t.currency) = (
       select b.person_id, b.amount_minor, b.currency from bonus b where b.id = t.bonus_id)
     from unnest(told) t
   $$`,

  `create or replace function grant_bonuses(earned bonus_event[], at timestamptz)
   returns table (bonus_id uuid, agrees boolean)
   language plpgsql ${setPlans} as $$
   declare
     granted bonus[];
     postings transfer[];
     causes bonus_event[];
   begin
     perform ledger_lock();
     with fresh as (
       insert into bonus (id, person_id, amount_minor, currency, granted_at)
       select e.bonus_id, e.person_id, e.amount_minor, e.currency, at
       from unnest(earned) with ordinality e (bonus_id, person_id, amount_minor, currency, reason, cause, position)
       order by e.position
       on conflict (id) do nothing
       returning bonus
     )
     select coalesce(array_agg(f.bonus), '{}') into granted from fresh f;
     if granted <> '{}' then
       loop
         postings := array(
           select transfer_of(
             source_key => 'bonus/' || g.id, movement => 'grant-bonus', state => 'posted',
             debit_account => ${accountId(`'promotion_expense'`, `'bonuses'`, 'g.currency')},
             credit_account => ${accountId(`'person'`, 'g.person_id::text', 'g.currency')},
             amount_minor => g.amount_minor, currency => g.currency, id => g.id)
           from unnest(granted) g);
         exit when accounts_are_open(postings);
         perform open_accounts(array(
           select row('promotion_expense', 'bonuses', g.currency)::account_key from unnest(granted) g
           union all
           select row('person', g.person_id::text, g.currency)::account_key from unnest(granted) g), at);
       end loop;
       perform ledger_post(postings, at);
       causes := array(
         select distinct on (e.bonus_id) e from unnest(earned) e
         where e.bonus_id = any (array(select g.id from unnest(granted) g)));
       -- A bonus proves that its person exists.
       perform tell_credit_applied(fund_receivables(
         learn_persons(array(select row(c.person_id, c.cause)::known_person from unnest(causes) c), '{}', at)
         || array(select row(c.person_id, c.currency, null, null, c.cause)::funding from unnest(causes) c), at), at);
     end if;
     return query select * from bonuses_agree(earned);
   end $$`,
];

/**
 * Credits each bonus that was not heard of before to its person, and funds what they owe.
 * @throws BrokenInvariant for a bonus that comes back with another person, amount or currency; nothing has moved then.
 */
export async function grantBonuses(tx: Tx, bonuses: readonly Bonus[], at: Temporal.Instant): Promise<void> {
  await withBonuses(tx, 'grant_bonuses', bonuses, at);
}

/**
 * Calls `movement`, an SQL function that takes `bonus_event[]` and an instant, and answers for each bonus whether it is
 * the one that is known by its id.
 * @throws BrokenInvariant for one that is not
 */
export async function withBonuses(
  tx: Tx,
  movement: string,
  bonuses: readonly (Bonus & { readonly reason?: string })[],
  at: Temporal.Instant,
): Promise<void> {
  const known = await tx.query<{ bonus_id: string; agrees: boolean }>(
    `select * from ${movement}(array(
       select row(bonus_id, person_id, amount_minor, currency, reason,
         row(traceparent, correlation_id, causation_id)::cause)::bonus_event
       from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
         b (bonus_id, person_id, amount_minor, currency, reason, traceparent, correlation_id, causation_id)), $9)`,
    [
      bonuses.map(({ bonusId }) => bonusId),
      bonuses.map(({ personId }) => personId),
      bonuses.map(({ amountMinor }) => amountMinor),
      bonuses.map(({ currency }) => currency),
      bonuses.map(({ reason }) => reason ?? null),
      ...causeColumns(bonuses),
      at,
    ],
  );
  for (const { bonus_id: bonusId, agrees } of known) {
    assert(agrees, `bonus ${bonusId} comes back with another person, amount or currency`);
  }
}
