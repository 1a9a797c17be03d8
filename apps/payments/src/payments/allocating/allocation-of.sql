-- Whose a payment in suspense is, by named arguments.
create or replace function allocation_of(
  payment_id uuid, person_id uuid, cause cause, assigned_by text default null
) returns payment_allocation language sql immutable as $$
  select row(payment_id, person_id, cause, assigned_by)::payment_allocation
$$;
