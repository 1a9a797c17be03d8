-- A payment in suspense and the person whose it is, by named arguments.
create or replace function payment_match_of(payment_id uuid, person_id uuid, cause cause) returns payment_match
language sql immutable as $$
  select row(payment_id, person_id, cause)::payment_match
$$;
