import type { Sql } from '#persistence/transaction.js';
import { causeColumns, type MovementCause } from '../ledger/cause.js';
import { setPlans } from '../ledger/ledger.sql.js';

/**
 * What every event of an order begins with. An order proves that its person exists, and each of its events carries all
 * of it, so whichever comes first makes the receivable. Money that named the order or the person moves out of suspense.
 */
export interface OrderEvent {
  readonly orderId: string;
  readonly personId: string;
  readonly classId: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly openedAt: Temporal.Instant;
  /** Why it ended, if it did. */
  readonly reason?: string;
  readonly cause: MovementCause;
}

export const learnOrdersTypes = [
  `create type order_event as (
     order_id uuid, person_id uuid, class_id uuid, amount_minor bigint, currency text, opened_at timestamptz, reason text,
     cause cause)`,
  `create type known_person as (person_id uuid, cause cause)`,
];

export const learnOrdersFunctions = [
  /*
   * Makes persons known, and moves the money out of suspense that named them, or that named one of the orders that were
   * `learnt` with them. Says who can spend more by that: the caller funds receivables with it.
   */
  `create or replace function learn_persons(persons known_person[], learnt order_event[], at timestamptz)
   returns funding[]
   language plpgsql as $$
   declare
     newcomers uuid[];
   begin
     with added as (
       insert into person (person_id, known_since)
       select distinct p.person_id, at from unnest(persons) p order by p.person_id
       on conflict do nothing returning person_id
     )
     select coalesce(array_agg(person_id), '{}') into newcomers from added;
     if newcomers = '{}' and learnt = '{}' then
       return '{}';
     end if;
     return match_waiting_payments(array(
       select row(n.person_id, p.cause)::known_person
       from unnest(newcomers) n (person_id)
       join (select distinct on (k.person_id) k.person_id, k.cause from unnest(persons) k) p using (person_id)
     ), learnt, at);
   end $$`,

  // The same for persons who are heard of by themselves, with the lock and the funding that belong to it.
  `create or replace function admit_persons(persons known_person[], at timestamptz) returns void
   language plpgsql ${setPlans} as $$
   begin
     perform ledger_lock();
     perform tell_credit_applied(fund_receivables(learn_persons(persons, '{}', at), at), at);
   end $$`,

  /*
   * Begins a receivable, in `first_state`, for each order that was not heard of before, and makes its person known.
   * Orders that were are left as they are. Answers as learn_persons.
   */
  `create or replace function learn_orders(orders order_event[], first_state text, at timestamptz) returns funding[]
   language plpgsql as $$
   declare
     learnt order_event[];
   begin
     learnt := array(
       select distinct on (o.order_id) o from unnest(orders) o
       where (select r.order_id from receivable r where r.order_id = o.order_id) is null
       order by o.order_id);
     -- Orders that were heard of before have made their persons known then.
     if learnt = '{}' then
       return '{}';
     end if;
     insert into receivable
       (order_id, person_id, class_id, amount_minor, currency, state, opened_at, resolved_at, reason)
     select l.order_id, l.person_id, l.class_id, l.amount_minor, l.currency, first_state, l.opened_at,
       case when first_state <> 'open' then at end, case when first_state <> 'open' then l.reason end
     from unnest(learnt) l;
     return learn_persons(array(select row(l.person_id, l.cause)::known_person from unnest(learnt) l), learnt, at);
   end $$`,
];

/** Calls `movement`, an SQL function that takes `order_event[]` and an instant, and gives the rows that it answers. */
export function withOrders<Row>(
  tx: Sql,
  movement: string,
  orders: readonly OrderEvent[],
  at: Temporal.Instant,
): Promise<Row[]> {
  return tx.query<Row>(
    `select * from ${movement}(array(
       select row(order_id, person_id, class_id, amount_minor, currency, opened_at, reason,
         row(traceparent, correlation_id, causation_id)::cause)::order_event
       from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::timestamptz[], $7::text[],
         $8::text[], $9::text[], $10::text[]) o (order_id, person_id, class_id, amount_minor, currency, opened_at,
         reason, traceparent, correlation_id, causation_id)), $11)`,
    [
      orders.map(({ orderId }) => orderId),
      orders.map(({ personId }) => personId),
      orders.map(({ classId }) => classId),
      orders.map(({ amountMinor }) => amountMinor),
      orders.map(({ currency }) => currency),
      orders.map(({ openedAt }) => openedAt),
      orders.map(({ reason }) => reason ?? null),
      ...causeColumns(orders),
      at,
    ],
  );
}

/** These persons exist. Money that named them is theirs now, and funds what they owe. */
export async function admitPersons(
  tx: Sql,
  persons: readonly { readonly personId: string; readonly cause: MovementCause }[],
  at: Temporal.Instant,
): Promise<void> {
  await tx.query(
    `select admit_persons(array(
       select row(person_id, row(traceparent, correlation_id, causation_id)::cause)::known_person
       from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) p (person_id, traceparent, correlation_id, causation_id)
     ), $5)`,
    [persons.map(({ personId }) => personId), ...causeColumns(persons), at],
  );
}
