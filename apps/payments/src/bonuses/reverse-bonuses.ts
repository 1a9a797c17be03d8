import { Injectable } from '@nestjs/common';
import type { bonusReversed } from '#contracts/conversions.js';
import { Clock } from '#kernel/clock.js';
import { Inbox } from '#messaging/consuming/inbox.js';
import type { EnvelopeOf } from '#messaging/envelope.js';
import type { Tx } from '#persistence/transaction.js';
import { Transactions } from '#persistence/transaction.js';
import { accountId, availableMinor, setPlans } from '../ledger/ledger.sql.js';
import { bonusOf } from './bonus-events.js';
import { type Bonus, withBonuses } from './grant-bonuses.js';

/** Conversions were undone: what their bonuses gave is taken back, as far as it is still there. */
@Injectable()
export class ReverseBonuses {
  constructor(
    private readonly transactions: Transactions,
    private readonly inbox: Inbox,
    private readonly clock: Clock,
  ) {}

  async execute(batch: readonly EnvelopeOf<typeof bonusReversed>[]): Promise<void> {
    await this.transactions.run(async (tx) => {
      const fresh = await this.inbox.admit(tx, 'reverse-bonuses', batch);
      if (fresh.length === 0) return;
      const reversals = fresh.map((envelope) => ({ ...bonusOf(envelope), reason: envelope.data.reason }));
      await reverseBonuses(tx, reversals, this.clock.now());
    });
  }
}

/**
 * Take back: person → promotion expense, posted. A bonus whose conversion was undone is taken from what the person
 * still has free, never from what is reserved for an order and never below zero; the bonus keeps how much that was, and
 * the rest stays an expense. One that is taken back before it was heard of leaves its row behind, so that its earning,
 * when it arrives later, gives nothing.
 */
export interface BonusReversal extends Bonus {
  readonly reason: string;
}

export const reverseBonusesFunctions = [
  `create or replace function reverse_bonuses(undone bonus_event[], at timestamptz)
   returns table (bonus_id uuid, agrees boolean)
   language plpgsql ${setPlans} as $$
   declare
     taken bonus[];
   begin
     perform ledger_lock();
     insert into bonus (id, person_id, amount_minor, currency, reversed_at, reason)
     select u.bonus_id, u.person_id, u.amount_minor, u.currency, at, u.reason
     from unnest(undone) with ordinality u (bonus_id, person_id, amount_minor, currency, reason, cause, position)
     order by u.position
     on conflict (id) do nothing;
     -- Several bonuses of a person share what the person has: each takes what those before it left.
     with due as (
       select b.id, b.amount_minor,
         (select ${availableMinor} from account a
           where a.owner = b.person_id::text and a.kind = 'person' and a.currency = b.currency) as available,
         sum(b.amount_minor) over (
           partition by b.person_id, b.currency order by b.id rows unbounded preceding
         ) - b.amount_minor as before
       from bonus b
       where b.id = any (array(select u.bonus_id from unnest(undone) u)) and b.reversed_at is null
     ), changed as (
       update bonus b set reversed_at = at,
         reason = (select u.reason from unnest(undone) u where u.bonus_id = b.id limit 1),
         taken_back_minor = (
           select greatest(0, least(d.amount_minor, d.available - d.before)) from due d where d.id = b.id)
       where b.id = any (array(select d.id from due d))
       returning b as bonus
     )
     select coalesce(array_agg(c.bonus) filter (where (c.bonus).taken_back_minor > 0), '{}') into taken from changed c;
     if taken <> '{}' then
       perform ledger_post(array(
         select transfer_of(
           source_key => 'bonus-reversal/' || t.id, movement => 'reverse-bonus', state => 'posted',
           debit_account => ${accountId(`'person'`, 't.person_id::text', 't.currency')},
           credit_account => ${accountId(`'promotion_expense'`, `'bonuses'`, 't.currency')},
           amount_minor => t.taken_back_minor, currency => t.currency, id => uuid_v7(), correction_of => t.id)
         from unnest(taken) t), at);
     end if;
     return query select * from bonuses_agree(undone);
   end $$`,
];

/**
 * Takes each bonus that was not taken back before from its person, as far as the money is there.
 * @throws BrokenInvariant for a bonus that comes back with another person, amount or currency; nothing has moved then.
 */
export async function reverseBonuses(tx: Tx, reversals: readonly BonusReversal[], at: Temporal.Instant): Promise<void> {
  await withBonuses(tx, 'reverse_bonuses', reversals, at);
}
