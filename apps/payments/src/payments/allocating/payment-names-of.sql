-- The names of a payment in suspense after a repeat added one, by named arguments.
create or replace function payment_names_of(payment_id uuid, person_named text, order_named text, cause cause)
returns payment_names language sql immutable as $$
  select row(payment_id, person_named, order_named, cause)::payment_names
$$;
