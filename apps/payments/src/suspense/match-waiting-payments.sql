-- The payments in suspense that named one of the `newcomers`, or no person and one of the `added` orders, with the
-- person whose they are. Under the ledger's lock. The caller allocates them.
create or replace function match_waiting_payments(newcomers known_person[], added order_event[])
returns payment_match[]
language plpgsql as $$
begin
  return array(
    select payment_match_of(payment_id => p.id, person_id => n.person_id, cause => n.cause)
    from unnest(newcomers) n
    cross join lateral (
      select w.id from payment w where w.person_id is null and w.person_named = n.person_id::text offset 0
    ) p
    union all
    select payment_match_of(payment_id => p.id, person_id => o.person_id, cause => o.cause)
    from unnest(added) o
    cross join lateral (
      select w.id from payment w
      where w.person_id is null and w.person_named is null and w.order_named = o.order_id::text offset 0
    ) p);
end $$;
