-- Allocates the payments in suspense that named one of the `newcomers`, or no person and one of the `added` orders.
-- Under the ledger's lock. Returns who can spend more by that.
create or replace function allocate_waiting_payments(
  newcomers known_person[], added order_event[], at timestamptz
) returns funding[]
language plpgsql as $$
begin
  return allocate_payments(array(
    select allocation_of(payment_id => p.id, person_id => n.person_id, cause => n.cause)
    from unnest(newcomers) n
    cross join lateral (
      select w.id from payment w where w.person_id is null and w.person_named = n.person_id::text offset 0
    ) p
    union all
    select allocation_of(payment_id => p.id, person_id => o.person_id, cause => o.cause)
    from unnest(added) o
    cross join lateral (
      select w.id from payment w
      where w.person_id is null and w.person_named is null and w.order_named = o.order_id::text offset 0
    ) p), at);
end $$;
