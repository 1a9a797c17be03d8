-- A funding, by named arguments: a person can spend more than before, by which payment, and naming which order, if any.
create or replace function funding_of(
  person_id uuid, currency text, cause cause, order_id uuid default null, payment_id uuid default null
) returns funding language sql immutable as $$
  select row(person_id, currency, order_id, payment_id, cause)::funding
$$;
