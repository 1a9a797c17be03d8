import { paymentRegistered } from '#contracts/payments.js';
import { textArray } from '#persistence/array-parameter.js';
import type { Sql } from '#persistence/transaction.js';
import { causeColumns, type MovementCause } from '../ledger/cause.js';
import { accountId, setPlans } from '../ledger/ledger.sql.js';

/**
 * Register payment: provider clearing → person, posted; or → suspense while nobody is known for it. Money is never
 * refused. Whose it is: the named person's, else the named order's person's. A payment that names a person and
 * somebody else's order belongs to the named person, and that order gets no preference.
 *
 * A payment is one by (provider, reference), in the table and inside the batch. Told again with the same events it is a
 * duplicate; with another amount, currency or name it is a conflict and changes nothing, and so it is when it names
 * somebody else than whose the money is by now. What one telling leaves out another may add while the money waits:
 * providers tell of one payment by several events, and not all of them carry the metadata.
 */
export interface PaymentNotice {
  readonly provider: string;
  /** The payment’s own id at the provider. */
  readonly reference: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly personNamed: string | null;
  readonly orderNamed: string | null;
  readonly note?: string | null;
  readonly cause: MovementCause;
}

/** What became of a notice: `conflict` when it contradicts the payment that has its reference, and changed nothing. */
export interface PaymentAnswer {
  readonly verdict: 'registered' | 'duplicate' | 'conflict';
  /** The payment that stands for this reference: the first one told. */
  readonly paymentId: string;
}

export const registerPaymentsTypes = [
  `create type payment_notice as (
     provider text, reference text, amount_minor bigint, currency text, person_named text, order_named text, note text,
     cause cause)`,
  // A payment that is new, and whose it is. `position` is its notice's.
  `create type deposit as (
     position bigint, payment_id uuid, provider text, amount_minor bigint, currency text, order_id uuid, person_id uuid,
     payee_kind text, payee text, cause cause)`,
  `create type told_again as (payment_id uuid, person_named text, order_named text, cause cause)`,
  `create type payment_answer as (position bigint, verdict text, payment_id uuid)`,
];

export const registerPaymentsFunctions = [
  // Notices from columns, so that callers need no statement that is longer to plan than to run.
  `create or replace function payment_notices(
     providers text[], refs text[], amounts bigint[], currencies text[], persons text[], orders text[], notes text[],
     traceparents text[], correlation_ids text[], causation_ids text[]
   ) returns payment_notice[] language plpgsql as $$
   begin
     return array(
       select row(provider, reference, amount_minor, currency, person_named, order_named, note,
         row(traceparent, correlation_id, causation_id)::cause)::payment_notice
       from unnest(providers, refs, amounts, currencies, persons, orders, notes, traceparents, correlation_ids,
         causation_ids) n (provider, reference, amount_minor, currency, person_named, order_named, note, traceparent,
         correlation_id, causation_id));
   end $$`,

  /*
   * In turn, under the ledger's lock: says whose each payment is and keeps those that are new (`deposits`); credits
   * them, and notes which version of the person's account each makes; takes the returns that waited for one of them
   * (`gone`); funds receivables; tells payment-registered. Notices that are not new may add a name to a payment in
   * suspense (complete_payments), and are answered by what is there.
   */
  `create or replace function register_payments(notices payment_notice[], at timestamptz) returns setof payment_answer
   language plpgsql ${setPlans} as $$
   declare
     deposits deposit[];
     postings transfer[];
     versions bigint[];
     gone return_move[] := '{}';
     funded funded_order[];
     first_id text;
     registered_at text := wire_time(at);
   begin
     perform ledger_lock();
     -- Under the lock, so that ids are in the order of the movements.
     first_id := uuid_v7()::text;

     -- Whose each payment is. The unique key decides what is new, inside the batch too.
     with told as materialized (
       select uuid_after(first_id, n.position) as payment_id, n.*, case when n.person_named is null
         then (select r.person_id from receivable r where r.order_id = n.order_id)
         else (select p.person_id from person p where p.person_id = id_or_null(n.person_named)) end as person_id
       from (
         select m.*, id_or_null(m.order_named) as order_id
         from unnest(notices) with ordinality
           m (provider, reference, amount_minor, currency, person_named, order_named, note, cause, position)
         offset 0
       ) n
     ), fresh as (
       insert into payment
         (id, provider, reference, amount_minor, currency, person_named, order_named, person_id, registered_at, note)
       select t.payment_id, t.provider, t.reference, t.amount_minor, t.currency, t.person_named, t.order_named,
         t.person_id, at, t.note
       from told t
       on conflict (provider, reference) do nothing returning id
     )
     select coalesce(array_agg(row(
         t.position, t.payment_id, t.provider, t.amount_minor, t.currency, t.order_id, t.person_id,
         case when t.person_id is null then 'suspense' else 'person' end, coalesce(t.person_id::text, 'unmatched'),
         t.cause)::deposit order by t.position), '{}')
     into deposits from told t join fresh f on f.id = t.payment_id;

     if deposits <> '{}' then
       -- A person's version is what it will be by that payment's entry: entries are in the order of transfer ids, which
       -- are those of the payments, and nothing else moves on these accounts before them.
       loop
         with clearing as materialized (
           select k.provider, k.currency, ${accountId(`'provider_clearing'`, 'k.provider', 'k.currency')} as account_id
           from (select distinct d.provider, d.currency from unnest(deposits) d) k
         )
         select array_agg(transfer_of(
             source_key => null, movement => 'register-payment', state => 'posted',
             debit_account => t.clearing, credit_account => t.account_id, amount_minor => t.amount_minor,
             currency => t.currency, id => t.payment_id, order_id => t.order_id, payment_id => t.payment_id)),
           array_agg(t.version)
         into postings, versions
         from (
           select d.*, c.account_id as clearing, a.id as account_id, case when d.person_id is not null then
             a.version + row_number() over (partition by a.id order by d.payment_id) end as version
           from unnest(deposits) d
           join clearing c on c.provider = d.provider and c.currency = d.currency
           left join lateral (
             select a.id, a.version from account a
             where a.owner = d.payee and a.kind = d.payee_kind and a.currency = d.currency offset 0
           ) a on true
           order by d.position
         ) t;
         exit when accounts_are_open(postings);
         perform open_accounts(array(
           select row('provider_clearing', d.provider, d.currency)::account_key from unnest(deposits) d
           union all
           select row(d.payee_kind, d.payee, d.currency)::account_key from unnest(deposits) d), at);
       end loop;
       perform ledger_post_new(postings, at);
       -- Money that was sent back before it was heard of goes back before it pays anything.
       if exists (select from payment_return where state = 'waiting') and exists (
         select from unnest(notices) n where exists (
           select from payment_return w
           where w.state = 'waiting' and w.provider = n.provider and w.payment_reference = n.reference offset 0)
       ) then
         gone := take_returns(array(
           select row(w.id, d.cause)::return_due
           from unnest(deposits) d
           join unnest(notices) with ordinality
             n (provider, reference, amount_minor, currency, person_named, order_named, note, cause, position)
             on n.position = d.position
           cross join lateral (
             select r.id from payment_return r
             where r.state = 'waiting' and r.provider = n.provider and r.payment_reference = n.reference offset 0
           ) w), at);
       end if;
       funded := fund_receivables(array(
         select row(d.person_id, d.currency, d.order_id, d.payment_id, d.cause)::funding
         from unnest(deposits) d where d.person_id is not null order by d.position), at);

       -- A payment is told of once, so its message goes by its id.
       insert into outbox (message_id, type, subject, data, traceparent, correlation_id, causation_id)
       select t.payment_id, '${paymentRegistered.type}', t.payment_id::text, row_to_json((select data from (select
           t.payment_id, t.provider, t.person_id, t.amount_minor, t.currency, t.funded_orders, t.account_version,
           registered_at) data)),
         (t.cause).traceparent, (t.cause).correlation_id, (t.cause).causation_id
       from (
         select d.*, coalesce(f.orders, '[]') as funded_orders
         from unnest(deposits, versions)
           d (position, payment_id, provider, amount_minor, currency, order_id, person_id, payee_kind, payee, cause,
             account_version)
         left join (
           select payment_id, json_agg(json_build_object(
             'order_id', order_id, 'amount_minor', amount_minor, 'transfer_id', transfer_id)) as orders
           from unnest(funded) group by payment_id
         ) f on f.payment_id = d.payment_id
       ) t
       order by t.payment_id;
       perform tell_returns(gone, at);
     end if;

     if cardinality(deposits) = cardinality(notices) then
       return query select d.position, 'registered', d.payment_id from unnest(deposits) d order by d.position;
       return;
     end if;
     perform complete_payments(notices, at);
     return query
     select n.position,
       case
         when d.payment_id is not null then 'registered'
         when n.amount_minor = p.amount_minor and n.currency = p.currency
           and coalesce(n.order_named = p.order_named, true)
           and coalesce(n.person_named = coalesce(p.person_named, p.person_id::text), true)
           then 'duplicate'
         else 'conflict'
       end,
       p.id
     from unnest(notices) with ordinality
       n (provider, reference, amount_minor, currency, person_named, order_named, note, cause, position)
     left join unnest(deposits) d on d.position = n.position
     cross join lateral (
       select q.id, q.amount_minor, q.currency, q.person_named, q.order_named, q.person_id from payment q
       where q.provider = n.provider and q.reference = n.reference offset 0
     ) p
     order by n.position;
   end $$`,

  /*
   * Payments in suspense that are told of again with a name that they lacked: it is taken, and the money moves when
   * somebody is known by it. Tellings that contradict what is there add nothing.
   */
  `create or replace function complete_payments(notices payment_notice[], at timestamptz) returns void
   language plpgsql as $$
   declare
     told told_again[];
     named told_again[] := '{}';
   begin
     -- Each turn takes one telling per payment: one of them may name the person, and another the order.
     loop
       told := array(
         select distinct on (p.id) row(p.id, coalesce(p.person_named, n.person_named),
           coalesce(p.order_named, n.order_named), n.cause)::told_again
         from unnest(notices) with ordinality
           n (provider, reference, amount_minor, currency, person_named, order_named, note, cause, position)
         cross join lateral (
           select q.id, q.person_named, q.order_named from payment q
           where q.provider = n.provider and q.reference = n.reference and q.amount_minor = n.amount_minor
             and q.currency = n.currency and q.person_id is null
           offset 0
         ) p
         where coalesce(n.person_named = p.person_named, true) and coalesce(n.order_named = p.order_named, true)
           and (p.person_named is null and n.person_named is not null
             or p.order_named is null and n.order_named is not null)
         order by p.id, n.position);
       exit when told = '{}';
       update payment p set
         person_named = (select t.person_named from unnest(told) t where t.payment_id = p.id),
         order_named = (select t.order_named from unnest(told) t where t.payment_id = p.id)
       where p.id = any (array(select t.payment_id from unnest(told) t));
       named := told || named;
     end loop;
     if named <> '{}' then
       perform tell_credit_applied(fund_receivables(match_payments(array(
         select row(m.payment_id, m.person_id, m.cause, null)::payment_match
         from (
           select l.payment_id, l.cause, case when l.person_named is null
             then (select r.person_id from receivable r where r.order_id = id_or_null(l.order_named))
             else (select k.person_id from person k where k.person_id = id_or_null(l.person_named)) end as person_id
           from (
             select distinct on (n.payment_id) n.payment_id, n.person_named, n.order_named, n.cause
             from unnest(named) with ordinality n (payment_id, person_named, order_named, cause, position)
             order by n.payment_id, n.position
           ) l
         ) m where m.person_id is not null), at), at), at);
     end if;
   end $$`,
];

/** The arguments of the SQL function `payment_notices`. */
export function noticeColumns(notices: readonly PaymentNotice[]): unknown[] {
  return [
    textArray(notices.map((notice) => notice.provider)),
    textArray(notices.map((notice) => notice.reference)),
    notices.map((notice) => notice.amountMinor),
    textArray(notices.map((notice) => notice.currency)),
    textArray(notices.map((notice) => notice.personNamed)),
    textArray(notices.map((notice) => notice.orderNamed)),
    textArray(notices.map((notice) => notice.note ?? null)),
    ...causeColumns(notices),
  ];
}

/**
 * Registers payments, credits whom they belong to, funds what that covers and tells of it, in one round trip that is
 * a transaction by itself unless `sql` is one. One answer per notice, in order.
 */
export async function registerPayments(
  sql: Sql,
  notices: readonly PaymentNotice[],
  at: Temporal.Instant,
): Promise<PaymentAnswer[]> {
  const rows = await sql.query<{ verdict: PaymentAnswer['verdict']; payment_id: string }>(
    `select verdict, payment_id from register_payments(payment_notices($1, $2, $3, $4, $5, $6, $7, $8, $9, $10), $11)`,
    [...noticeColumns(notices), at],
  );
  return rows.map((row) => ({ verdict: row.verdict, paymentId: row.payment_id }));
}
