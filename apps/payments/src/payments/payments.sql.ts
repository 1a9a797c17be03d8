/**
 * Payments as they were told. `person_named` and `order_named` are what the provider handed through, whatever it is;
 * `person_id` is whose the money is, and null while it stands in suspense.
 */
export const paymentTables = [
  // Who can own money: told by person-registered, or by the first order of theirs, whichever comes first.
  `create table person (
     person_id uuid primary key,
     known_since timestamptz not null
   )`,

  `create table payment (
     id uuid primary key,
     provider text collate "C" not null,
     reference text collate "C" not null,
     amount_minor bigint not null check (amount_minor between 1 and 1000000000000),
     currency text not null,
     person_named text,
     order_named text,
     person_id uuid,
     registered_at timestamptz not null,
     matched_at timestamptz,
     assigned_by text,
     note text,
     unique (provider, reference)
   )`,
  // Money in suspense. Few rows: a payment that names somebody known never enters these two indexes.
  `create index payment_unmatched on payment (id) where person_id is null`,
  `create index payment_waits_for_person on payment (person_named) where person_id is null`,
  `create index payment_names_order on payment (order_named) where order_named is not null`,
];

/** What differs comes first: beginning with the provider, each comparison on the way down the index would be two. */
export const paymentsByReference = [
  `alter table payment
     add constraint payment_reference_provider_key unique (reference, provider),
     drop constraint payment_provider_reference_key`,
];
