-- An order that money covers now, by named arguments.
create or replace function funded_order_of(
  order_id uuid, person_id uuid, class_id uuid, amount_minor bigint, currency text, transfer_id uuid, payment_id uuid,
  written_off_minor bigint, cause cause
) returns funded_order language sql immutable as $$
  select row(order_id, person_id, class_id, amount_minor, currency, transfer_id, payment_id,
    written_off_minor, cause)::funded_order
$$;
