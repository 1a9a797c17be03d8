/**
 * What persons owe for their orders: open → reserved → settled, or → withdrawn. Events may come in any order: an end
 * that comes before its beginning leaves its row here, and the beginning then changes nothing.
 */
export const receivableTables = [
  `create table receivable (
     order_id uuid primary key,
     person_id uuid not null,
     class_id uuid not null,
     amount_minor bigint not null check (amount_minor between 0 and 1000000000000),
     currency text collate "C" not null,
     state text not null check (state in ('open', 'reserved', 'settled', 'withdrawn')),
     opened_at timestamptz not null,
     resolved_at timestamptz,
     reason text
   ) with (fillfactor = 80)`,
  // What waits for money, in the order in which money reaches it. What was paid once is not in the way of what waits.
  `create index receivable_waiting on receivable (person_id, currency, opened_at, order_id) where state = 'open'`,
];
