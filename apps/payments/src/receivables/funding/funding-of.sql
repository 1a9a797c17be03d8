-- A funding, by named arguments: what a person can spend may cover more, by which payment of how much, and naming which
-- order, if any.
create or replace function funding_of(
  person_id uuid, currency text, cause cause, order_id uuid default null, payment_id uuid default null,
  amount_minor bigint default null
) returns funding language sql immutable as $$
  select row(person_id, currency, order_id, payment_id, amount_minor, cause)::funding
$$;
