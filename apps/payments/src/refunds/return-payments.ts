import { paymentDisputed, paymentRefunded } from '#contracts/payments.js';
import type { Sql } from '#persistence/transaction.js';
import { owedMinor } from '../debts/repay-debts.js';
import { causeColumns, type MovementCause } from '../ledger/cause.js';
import { accountId, availableMinor, setPlans } from '../ledger/ledger.sql.js';

/**
 * Return: person → provider clearing, posted; or suspense → provider clearing while nobody is known for the payment.
 * The provider sent money back to the payer (a refund, or a dispute that took it): our books follow, whatever has been
 * done with the money meanwhile. What the person does not have available is put on their account from their claim first
 * (claim → person): they owe it, are never below zero, and their next money repays it. Reservations are not touched;
 * the event names the orders that have to give way, and what their end frees repays the claim.
 *
 * Given back: provider clearing → person, or → suspense. The refund failed, or the dispute was won.
 *
 * A return is one by (provider, kind, reference). That it was taken and that it was given back may be told in any order
 * and any number of times; given back is the last word. All returns of a payment that are taken are no more than the
 * payment; one that is too much moves nothing, and is tried again when another one of that payment is given back. One
 * that is told of before its payment is taken when the payment comes.
 */
export interface ReturnNotice {
  readonly provider: string;
  readonly kind: 'refund' | 'dispute';
  /** The refund’s or dispute’s own id at the provider. */
  readonly reference: string;
  /** The id at the provider of the payment that goes back. */
  readonly paymentReference: string;
  readonly amountMinor: number;
  readonly currency: string;
  /** That the money came back to us after all; else, that it went away. */
  readonly givenBack: boolean;
  readonly cause: MovementCause;
}

/** What became of a notice: see `returnPayments`. */
export interface ReturnAnswer {
  readonly verdict: 'applied' | 'duplicate' | 'quarantined';
  readonly reason: 'RETURN_REUSED' | 'RETURN_EXCEEDS_PAYMENT' | 'RETURN_CURRENCY_DIFFERS' | null;
}

export const returnPaymentsTypes = [
  // `request`: the position of the request that told of it, among those that came with it.
  `create type return_notice as (
     request bigint, provider text, kind text, reference text, payment_reference text, amount_minor bigint, currency text,
     given_back boolean, cause cause)`,
  `create type return_answer as (request bigint, verdict text, reason text, return_id uuid)`,
  // A notice and the return that it is about: as it was before, and whether both say the same.
  `create type heard_return as (
     position bigint, return_id uuid, state text, fresh boolean, agrees boolean, given_back boolean, cause cause)`,
  `create type return_due as (return_id uuid, cause cause)`,
  // A return that was taken or given back; or refused, with the reason, and then nothing moved.
  `create type return_move as (
     return_id uuid, provider text, kind text, reference text, payment_id uuid, person_id uuid, payer_kind text,
     payer text, order_id uuid, amount_minor bigint, currency text, given_back boolean, owed_minor bigint, refusal text,
     account_version bigint, cause cause)`,
];

/** The account that holds, or held, a payment’s money. */
const payerColumns = `case when p.person_id is null then 'suspense' else 'person' end as payer_kind,
  coalesce(p.person_id::text, 'unmatched') as payer, id_or_null(p.order_named) as order_id`;

const clearing = accountId(`'provider_clearing'`, 'm.provider', 'm.currency');
const payerAccount = accountId('m.payer_kind', 'm.payer', 'm.currency');

/**
 * The version of the person’s account after each move, when the entries of these moves are its newest ones: `moves`
 * as they are after that.
 */
const withVersions = (moves: string) => `array(
  select row(m.return_id, m.provider, m.kind, m.reference, m.payment_id, m.person_id, m.payer_kind, m.payer, m.order_id,
    m.amount_minor, m.currency, m.given_back, m.owed_minor, m.refusal,
    case when m.person_id is not null and m.refusal is null then
      (select a.version from account a where a.owner = m.payer and a.kind = 'person' and a.currency = m.currency)
      + 1 - row_number() over (partition by m.person_id, m.currency, m.refusal order by m.return_id desc) end,
    m.cause)::return_move
  from unnest(${moves}) m order by m.return_id)`;

export const returnPaymentsFunctions = [
  // Notices from columns; see payment_notices.
  `create or replace function return_notices(
     requests bigint[], providers text[], kinds text[], refs text[], payment_refs text[], amounts bigint[],
     currencies text[], given_back boolean[], traceparents text[], correlation_ids text[], causation_ids text[]
   ) returns return_notice[] language plpgsql as $$
   begin
     return array(
       select row(request, provider, kind, reference, payment_reference, amount_minor, currency, back,
         row(traceparent, correlation_id, causation_id)::cause)::return_notice
       from unnest(requests, providers, kinds, refs, payment_refs, amounts, currencies, given_back, traceparents,
         correlation_ids, causation_ids) n (request, provider, kind, reference, payment_reference, amount_minor, currency,
         back, traceparent, correlation_id, causation_id));
   end $$`,

  /*
   * Takes those of these returns that wait and whose payment is there, as far as the payment reaches, and says of each
   * what became of it. Returns whose payment is not known go on waiting, and are not spoken of.
   *
   * What is owed of a return is its amount less what the person has available once the returns before it in the same
   * turn have had theirs; nothing while the money is in suspense, which covers all that can go back of it.
   */
  `create or replace function take_returns(due return_due[], at timestamptz) returns return_move[]
   language plpgsql as $$
   declare
     decided return_move[] := '{}';
     turn return_move[];
     taken return_move[];
     postings transfer[];
   begin
     -- Each turn decides one return per payment, the first one heard of: it says what is left for the next. Several
     -- returns of a person in one turn share what the person has: each takes what those before it left.
     loop
       turn := array(
         select row(j.return_id, j.provider, j.kind, j.reference, j.payment_id, j.person_id, j.payer_kind, j.payer,
           j.order_id, j.amount_minor, j.currency, false,
           case when j.refusal is null then
             case when j.person_id is null then 0
             else j.amount_minor - greatest(0, least(j.amount_minor, coalesce(
               (select ${availableMinor} from account a
                 where a.owner = j.payer and a.kind = 'person' and a.currency = j.currency), 0)
               - (sum(j.amount_minor) over (
                   partition by j.person_id, j.currency, j.refusal order by j.nth rows unbounded preceding)
                 - j.amount_minor)))
             end
           end,
           j.refusal, null, j.cause)::return_move
         from (
           select distinct on (p.id) r.id as return_id, r.provider, r.kind, r.reference, p.id as payment_id, p.person_id,
             ${payerColumns}, r.amount_minor, r.currency, r.nth, d.cause,
             case when r.currency <> p.currency then 'RETURN_CURRENCY_DIFFERS'
               when r.amount_minor > p.amount_minor - p.returned_minor then 'RETURN_EXCEEDS_PAYMENT' end as refusal
           from unnest(due) d
           cross join lateral (
             select * from payment_return w where w.id = d.return_id and w.state = 'waiting' offset 0
           ) r
           cross join lateral (
             select * from payment q where q.provider = r.provider and q.reference = r.payment_reference offset 0
           ) p
           where not exists (select from unnest(decided) m where m.return_id = d.return_id)
           order by p.id, r.nth
         ) j);
       exit when cardinality(turn) = 0;

       taken := array(select m from unnest(turn) m where m.refusal is null);
       if cardinality(taken) > 0 then
         loop
           -- Before the returns, by their ids as well, so that no running balance falls below zero.
           postings := array(
             select transfer_of(
               source_key => 'claim/' || m.return_id, movement => 'raise-claim', state => 'posted',
               debit_account => ${accountId(`'claim'`, 'm.payer', 'm.currency')}, credit_account => ${payerAccount},
               amount_minor => m.owed_minor, currency => m.currency, id => uuid_after(m.return_id::text, -1),
               order_id => m.order_id, payment_id => m.payment_id)
             from unnest(taken) m where m.owed_minor > 0);
           exit when accounts_are_open(postings);
           perform open_accounts(array(
             select row('claim', m.payer, m.currency)::account_key from unnest(taken) m where m.owed_minor > 0), at);
         end loop;
         if cardinality(postings) > 0 then
           perform ledger_post(postings, at);
         end if;
         perform ledger_post(array(
           select transfer_of(
             source_key => 'return/' || m.return_id, state => 'posted',
             movement => case m.kind when 'refund' then 'refund-payment' else 'dispute-payment' end,
             debit_account => ${payerAccount}, credit_account => ${clearing},
             amount_minor => m.amount_minor, currency => m.currency, id => m.return_id,
             order_id => m.order_id, payment_id => m.payment_id, correction_of => m.payment_id)
           from unnest(taken) m), at);
         update payment_return r set state = 'taken', taken_at = at, payment_id = m.payment_id, owed_minor = m.owed_minor
         from unnest(taken) m
         where r.id = any (array(select t.return_id from unnest(taken) t)) and r.id = m.return_id;
         update payment p set returned_minor = p.returned_minor + m.amount_minor
         from unnest(taken) m
         where p.id = any (array(select t.payment_id from unnest(taken) t)) and p.id = m.payment_id;
       end if;
       decided := decided || ${withVersions('turn')};
     end loop;
     perform note_returns(decided);
     return decided;
   end $$`,

  // Those of these returns that are taken are given back, to whoever the payment belongs to by now.
  `create or replace function give_returns_back(due return_due[], at timestamptz) returns return_move[]
   language plpgsql as $$
   declare
     given return_move[];
     postings transfer[];
   begin
     given := array(
       select row(r.id, r.provider, r.kind, r.reference, p.id, p.person_id, p.payer_kind, p.payer, p.order_id,
         r.amount_minor, r.currency, true, 0, null, null, d.cause)::return_move
       from unnest(due) d
       cross join lateral (
         select * from payment_return w where w.id = d.return_id and w.state = 'taken' offset 0
       ) r
       cross join lateral (
         select p.id, p.person_id, ${payerColumns} from payment p where p.id = r.payment_id offset 0
       ) p);
     update payment_return r set state = 'given_back', given_back_at = at
     where r.id = any (array(select d.return_id from unnest(due) d)) and r.state <> 'given_back';
     if cardinality(given) = 0 then
       return given;
     end if;
     loop
       postings := array(
         select transfer_of(
           source_key => 'reinstate/' || m.return_id, state => 'posted',
           movement => case m.kind when 'refund' then 'reinstate-refund' else 'reinstate-dispute' end,
           debit_account => ${clearing}, credit_account => ${payerAccount},
           amount_minor => m.amount_minor, currency => m.currency, id => uuid_after(m.first_id, m.nth),
           order_id => m.order_id, payment_id => m.payment_id, correction_of => m.return_id)
         from (
           select g.*, row_number() over (order by g.return_id) as nth, drawn.first_id
           from (select uuid_v7()::text as first_id offset 0) drawn cross join unnest(given) g
         ) m);
       exit when accounts_are_open(postings);
       perform open_accounts(array(
         select row(m.payer_kind, m.payer, m.currency)::account_key from unnest(given) m), at);
     end loop;
     perform ledger_post(postings, at);
     update payment p set returned_minor = p.returned_minor - (
         select sum(m.amount_minor) from unnest(given) m where m.payment_id = p.id)
     where p.id = any (array(select m.payment_id from unnest(given) m));
     return ${withVersions('given')};
   end $$`,

  /*
   * Tells payment-refunded or payment-disputed for each move that was not refused, with what the person owes by it and
   * which orders have to give way.
   */
  `create or replace function tell_returns(moves return_move[], at timestamptz) returns void
   language plpgsql as $$
   declare
     returned_at text := wire_time(at);
   begin
     if cardinality(moves) = 0 then
       return;
     end if;
     -- When something is owed, the orders that have to give way: reservations of money that this payment brought, or
     -- that was on the account already, the newest first, until what they free covers what the person owes in all. What
     -- another payment paid for stays.
     insert into outbox (type, subject, data, traceparent, correlation_id, causation_id)
     select case t.kind when 'refund' then '${paymentRefunded.type}' else '${paymentDisputed.type}' end,
       t.payment_id::text, row_to_json((select data from (select
         t.return_id, t.reference, t.payment_id, t.provider, t.person_id, t.amount_minor, t.currency,
         case when t.given_back then 'given_back' else 'taken' end as state,
         case when t.given_back then 0 else t.amount_minor - t.owed_minor end as covered_minor, t.owed_minor,
         t.account_version, t.orders, returned_at) data)),
       (t.cause).traceparent, (t.cause).correlation_id, (t.cause).causation_id
     from (
       select m.*, case when m.owed_minor > 0 then coalesce((
         select json_agg(json_build_object(
           'order_id', o.order_id, 'amount_minor', o.amount_minor, 'transfer_id', o.id) order by o.before)
         from (
           select r.id, r.order_id, r.amount_minor,
             sum(r.amount_minor) over (order by (r.payment_id is null), r.created_at desc, r.id desc
               rows unbounded preceding) - r.amount_minor as before
           from transfer r
           where r.debit_account = ${payerAccount} and r.movement = 'reserve' and r.state = 'pending'
             and (r.payment_id = m.payment_id or r.payment_id is null)
         ) o
         where o.before < (
           select ${owedMinor} from account c
           where c.owner = m.payer and c.kind = 'claim' and c.currency = m.currency)
       ), '[]') else '[]' end as orders
       from unnest(moves) with ordinality
         m (return_id, provider, kind, reference, payment_id, person_id, payer_kind, payer, order_id, amount_minor,
           currency, given_back, owed_minor, refusal, account_version, cause, position)
       where m.refusal is null
     ) t
     order by t.position;
   end $$`,

  /*
   * In turn, under the ledger's lock: keeps the returns that are new (`fresh`) and compares each notice with the return
   * that it is about (`heard`); moves what came back, and then what went away, which now may fit; tells of both; funds
   * receivables with what came back. Answers each notice: `quarantined` when it contradicts what is known or does not
   * fit, `applied` when it brought news, `duplicate` when it did not.
   */
  `create or replace function return_payments(told return_notice[], at timestamptz) returns return_answer[]
   language plpgsql ${setPlans} as $$
   declare
     first_id text;
     fresh uuid[];
     heard heard_return[];
     moves return_move[];
   begin
     perform ledger_lock();
     first_id := uuid_v7()::text;
     -- Whoever tells of a return first, in the table and inside the batch, says what it is. Every other id is left free,
     -- for the transfer that puts what is owed on the person’s account.
     with added as (
       insert into payment_return
         (id, provider, kind, reference, payment_reference, amount_minor, currency, state, heard_at)
       select uuid_after(first_id, 2 * n.position), n.provider, n.kind, n.reference, n.payment_reference, n.amount_minor,
         n.currency, 'waiting', at
       from unnest(told) with ordinality n (request, provider, kind, reference, payment_reference, amount_minor, currency,
         given_back, cause, position)
       order by n.position
       on conflict (provider, kind, reference) do nothing returning id
     )
     select coalesce(array_agg(a.id), '{}') into fresh from added a;
     heard := array(
       select row(n.position, r.id, r.state, r.id = any (fresh),
         (r.payment_reference, r.amount_minor, r.currency) = (n.payment_reference, n.amount_minor, n.currency),
         n.given_back, n.cause)::heard_return
       from unnest(told) with ordinality n (request, provider, kind, reference, payment_reference, amount_minor, currency,
         given_back, cause, position)
       cross join lateral (
         select * from payment_return w
         where w.provider = n.provider and w.kind = n.kind and w.reference = n.reference offset 0
       ) r);

     -- What comes back comes first: others of its payment may have waited for it.
     moves := give_returns_back(array(
       select distinct on (h.return_id) row(h.return_id, h.cause)::return_due
       from unnest(heard) h where h.agrees and h.given_back order by h.return_id, h.position), at);
     moves := moves || take_returns(array(
       select distinct on (d.return_id) row(d.return_id, d.cause)::return_due
       from (
         select h.return_id, h.cause, h.position from unnest(heard) h where h.agrees and not h.given_back
         union all
         select w.id, m.cause, null
         from unnest(moves) m
         cross join lateral (select q.reference from payment q where q.id = m.payment_id offset 0) p
         cross join lateral (
           select r.id from payment_return r
           where r.state = 'waiting' and r.provider = m.provider and r.payment_reference = p.reference offset 0
         ) w
       ) d order by d.return_id, d.position), at);
     perform tell_returns(moves, at);
     perform tell_credit_applied(fund_receivables(array(
       select row(m.person_id, m.currency, m.order_id, m.payment_id, m.cause)::funding
       from unnest(moves) m where m.given_back and m.person_id is not null), at), at);

     return array(
       select row((told[h.position]).request,
         case when not h.agrees or h.refusal is not null then 'quarantined' when h.news then 'applied' else 'duplicate' end,
         case when not h.agrees then 'RETURN_REUSED' else h.refusal end,
         case when h.agrees then h.return_id end)::return_answer
       from (
         select s.*,
           -- The first telling of something that was not known, and that no earlier one has overtaken.
           row_number() over (partition by s.return_id, s.agrees, s.given_back order by s.position) = 1
             and case when s.given_back then s.state <> 'given_back'
               else s.taken or s.fresh and not coalesce(bool_or(s.given_back) over (
                 partition by s.return_id, s.agrees order by s.position rows unbounded preceding), false) end as news
         from (
           select g.*, case when not g.given_back then m.refusal end as refusal,
             coalesce(m.refusal is null and not m.given_back, false) as taken
           from unnest(heard) g left join unnest(moves) m on m.return_id = g.return_id
         ) s
       ) h order by h.position);
   end $$`,
];

/** The arguments of the SQL function `return_notices`. `requests`: the position of each one’s request, from 1. */
export function returnColumns(notices: readonly ReturnNotice[], requests: readonly number[]): unknown[] {
  return [
    requests,
    notices.map(({ provider }) => provider),
    notices.map(({ kind }) => kind),
    notices.map(({ reference }) => reference),
    notices.map(({ paymentReference }) => paymentReference),
    notices.map(({ amountMinor }) => amountMinor),
    notices.map(({ currency }) => currency),
    notices.map(({ givenBack }) => givenBack),
    ...causeColumns(notices),
  ];
}

/**
 * Moves what went back to payers, or came back from them, and tells of it. One answer per notice, in order: `applied`
 * as well when it waits for its payment; `quarantined`, with the reason, when it contradicts what is known.
 */
export async function returnPayments(
  sql: Sql,
  notices: readonly ReturnNotice[],
  at: Temporal.Instant,
): Promise<ReturnAnswer[]> {
  const requests = notices.map((_, index) => index + 1);
  return sql.query<ReturnAnswer>(
    `select verdict, reason
     from unnest(return_payments(return_notices($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11), $12)) order by request`,
    [...returnColumns(notices, requests), at],
  );
}
