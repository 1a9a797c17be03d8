import { creditApplied } from '#contracts/payments.js';
import { accountId, availableMinor } from '../ledger/ledger.sql.js';

/**
 * Reserve: person → class, pending. Whatever raises what a person can spend (a payment, money found in suspense, a
 * reservation that was released) ends here: the open receivables of that person and currency are reserved, those that
 * a payment named first, then the oldest first, up to the first one that is not covered. That one waits, and so do all
 * behind it, or a small young order would for ever overtake a large old one. What the person owes us is repaid before
 * (`repay-claims`).
 */
export const fundReceivablesTypes = [
  // Somebody can spend more than before: because of which payment, if any, and naming which order, if any.
  `create type funding as (person_id uuid, currency text, order_id uuid, payment_id uuid, cause cause)`,
  `create type funded_order as (
     order_id uuid, person_id uuid, class_id uuid, amount_minor bigint, currency text, transfer_id uuid, payment_id uuid,
     cause cause)`,
];

export const fundReceivablesFunctions = [
  /*
   * `purse`: each person and currency that has more to spend, with the newest reason for it. `named`: the orders that
   * payments of this set named. `waiting`: the open receivables of those purses in the order in which money reaches
   * them, each with what it and all before it need together; those that need no more than is available are funded.
   */
  `create or replace function fund_receivables(fundings funding[], at timestamptz) returns funded_order[]
   language plpgsql as $$
   declare
     funded funded_order[];
     postings transfer[];
     waits boolean;
     owes boolean;
   begin
     -- Most money meets nothing that waits for it, and nobody who owes us.
     select
       exists (
         select from unnest(fundings) f where exists (
           select from receivable r where r.person_id = f.person_id and r.currency = f.currency and r.state = 'open'
           offset 0)),
       exists (
         select from unnest(fundings) f where exists (
           select from account c where c.owner = f.person_id::text and c.kind = 'claim' and c.currency = f.currency
           offset 0))
     into waits, owes;
     if owes then
       perform repay_claims(fundings, at);
     end if;
     if not waits then
       return '{}';
     end if;
     with given as (
       select * from unnest(fundings) with ordinality f (person_id, currency, order_id, payment_id, cause, position)
     ), purse as (
       select distinct on (person_id, currency) person_id, currency, payment_id, cause
       from given order by person_id, currency, position desc
     ), named as (
       select distinct on (order_id, person_id, currency) order_id, person_id, currency, payment_id, cause
       from given where order_id is not null order by order_id, person_id, currency, position desc
     ), waiting as (
       select r.*,
         case when n.order_id is null then p.payment_id else n.payment_id end as payment_id,
         case when n.order_id is null then p.cause else n.cause end as cause,
         (select ${availableMinor} from account a
           where a.owner = p.person_id::text and a.kind = 'person' and a.currency = p.currency) as available,
         sum(r.amount_minor) over (
           partition by r.person_id, r.currency order by (n.order_id is null), r.opened_at, r.order_id
           rows unbounded preceding
         ) as needed
       from purse p
       cross join lateral (
         select w.order_id, w.person_id, w.class_id, w.amount_minor, w.currency, w.opened_at
         from receivable w
         where w.person_id = p.person_id and w.currency = p.currency and w.state = 'open' and w.amount_minor > 0
         offset 0
       ) r
       left join named n on n.order_id = r.order_id and n.person_id = r.person_id and n.currency = r.currency
     )
     select coalesce(array_agg(
       row(order_id, person_id, class_id, amount_minor, currency, uuid_v7(), payment_id, cause)::funded_order
       order by person_id, currency, needed), '{}')
     into funded from waiting where needed <= available;

     if funded = '{}' then
       return funded;
     end if;
     loop
       postings := array(
         select transfer_of(
           source_key => 'reserve/' || f.order_id, movement => 'reserve', state => 'pending',
           debit_account => ${accountId(`'person'`, 'f.person_id::text', 'f.currency')},
           credit_account => ${accountId(`'class'`, 'f.class_id::text', 'f.currency')},
           amount_minor => f.amount_minor, currency => f.currency, id => f.transfer_id,
           order_id => f.order_id, payment_id => f.payment_id)
         from unnest(funded) f);
       exit when accounts_are_open(postings);
       perform open_accounts(array(
         select row('class', f.class_id::text, f.currency)::account_key from unnest(funded) f), at);
     end loop;
     perform ledger_post(postings, at);
     update receivable set state = 'reserved' where order_id = any (array(select f.order_id from unnest(funded) f));
     return funded;
   end $$`,

  // Tells that money which was already there covers these orders.
  `create or replace function tell_credit_applied(funded funded_order[], at timestamptz) returns void
   language sql as $$
     insert into outbox (type, subject, data, traceparent, correlation_id, causation_id)
     select '${creditApplied.type}', f.order_id::text, json_build_object(
         'order_id', f.order_id, 'person_id', f.person_id, 'amount_minor', f.amount_minor, 'currency', f.currency,
         'transfer_id', f.transfer_id, 'applied_at', wire_time(at)),
       (f.cause).traceparent, (f.cause).correlation_id, (f.cause).causation_id
     from unnest(funded) f
     where cardinality(funded) > 0
   $$`,
];
