import type { Tx } from '#persistence/transaction.js';
import { causeColumns, type MovementCause } from '../ledger/cause.js';
import { accountId, setPlans } from '../ledger/ledger.sql.js';

/**
 * Match: suspense → person, posted. Money that waited for somebody to be known moves by itself when they are: with the
 * order that it names, with the person that it names, or because an admin says whose it is. What of it went back to the
 * payer has left suspense before, and does not move.
 */
export const matchPaymentsTypes = [
  `create type payment_match as (payment_id uuid, person_id uuid, cause cause, assigned_by text)`,
];

export const matchPaymentsFunctions = [
  `create or replace function assign_payments(matches payment_match[], at timestamptz) returns void
   language plpgsql ${setPlans} as $$
   begin
     perform ledger_lock();
     perform tell_credit_applied(fund_receivables(match_payments(matches, at), at), at);
   end $$`,

  // Moves the money of payments that are still unmatched, and says who can spend more by it.
  `create or replace function match_payments(matches payment_match[], at timestamptz) returns funding[]
   language plpgsql as $$
   declare
     matched payment[];
     postings transfer[];
   begin
     with changed as (
       update payment p set matched_at = at,
         person_id = (select m.person_id from unnest(matches) m where m.payment_id = p.id limit 1),
         assigned_by = (select m.assigned_by from unnest(matches) m where m.payment_id = p.id limit 1)
       where p.id = any (array(select m.payment_id from unnest(matches) m)) and p.person_id is null
       returning p as payment
     )
     select coalesce(array_agg(c.payment) filter (where (c.payment).returned_minor < (c.payment).amount_minor), '{}')
     into matched from changed c;
     if matched = '{}' then
       return '{}';
     end if;
     loop
       postings := array(
         select transfer_of(
           source_key => 'match/' || p.id, movement => 'match-payment', state => 'posted',
           debit_account => ${accountId(`'suspense'`, `'unmatched'`, 'p.currency')},
           credit_account => ${accountId(`'person'`, 'p.person_id::text', 'p.currency')},
           amount_minor => p.amount_minor - p.returned_minor, currency => p.currency, id => uuid_v7(),
           order_id => id_or_null(p.order_named), payment_id => p.id)
         from unnest(matched) p);
       exit when accounts_are_open(postings);
       perform open_accounts(array(
         select row('person', p.person_id::text, p.currency)::account_key from unnest(matched) p), at);
     end loop;
     perform ledger_post(postings, at);
     return array(
       select row(p.person_id, p.currency, id_or_null(p.order_named), p.id,
         (select m.cause from unnest(matches) m where m.payment_id = p.id limit 1))::funding
       from unnest(matched) p order by p.id);
   end $$`,

  // Who becomes known: the money that named them, or these orders of theirs, is theirs now.
  `create or replace function match_waiting_payments(
     newcomers known_person[], learnt order_event[], at timestamptz
   ) returns funding[]
   language plpgsql as $$
   begin
     return match_payments(array(
       select row(p.id, n.person_id, n.cause, null)::payment_match
       from unnest(newcomers) n
       cross join lateral (
         select w.id from payment w where w.person_id is null and w.person_named = n.person_id::text offset 0
       ) p
       union all
       select row(p.id, l.person_id, l.cause, null)::payment_match
       from unnest(learnt) l
       cross join lateral (
         select w.id from payment w
         where w.person_id is null and w.person_named is null and w.order_named = l.order_id::text offset 0
       ) p), at);
   end $$`,
];

/** An admin's word on whose a payment is. */
export interface Assignment {
  readonly paymentId: string;
  readonly personId: string;
  readonly assignedBy: string;
  readonly cause: MovementCause;
}

/** Moves unmatched payments to persons, where they fund orders like any other money. Those that are matched stay. */
export async function assignPayments(tx: Tx, assignments: readonly Assignment[], at: Temporal.Instant): Promise<void> {
  await tx.query(
    `select assign_payments(array(
       select row(payment_id, person_id, row(traceparent, correlation_id, causation_id)::cause, assigned_by)::payment_match
       from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[])
         m (payment_id, person_id, assigned_by, traceparent, correlation_id, causation_id)), $7)`,
    [
      assignments.map(({ paymentId }) => paymentId),
      assignments.map(({ personId }) => personId),
      assignments.map(({ assignedBy }) => assignedBy),
      ...causeColumns(assignments),
      at,
    ],
  );
}
