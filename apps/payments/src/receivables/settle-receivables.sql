-- Settles the receivables of orders that closed: their reservations are posted, person → class, and order-settled is
-- published. Takes the ledger's lock. A free order moves nothing.
-- Returns the state of each order's receivable then; the caller asserts that it is `settled`. Returns no row and changes
-- nothing when one of the orders is unknown: the caller projects them and calls again.
create or replace function settle_receivables(orders order_event[], at timestamptz)
returns table (order_id uuid, state text)
language plpgsql
set plan_cache_mode = force_generic_plan set jit = off set enable_seqscan = off set enable_mergejoin = off
set enable_nestloop = off set enable_hashjoin = on
as $$
declare
  posted transfer[];
  settled uuid[];
begin
  perform ledger_lock();
  if exists (
    select from unnest(orders) o where (select r.order_id from receivable r where r.order_id = o.order_id) is null
  ) then
    return;
  end if;
  with closed as (
    update receivable r set state = 'settled', resolved_at = at
    where r.order_id = any (array(select o.order_id from unnest(orders) o))
      and (r.state = 'reserved' or r.state = 'open' and r.amount_minor = 0)
    returning r.order_id, r.amount_minor
  )
  select array(select c.order_id from closed c),
    ledger_resolve(array(select 'reserve/' || c.order_id from closed c where c.amount_minor > 0), 'posted', at)
  into settled, posted;
  perform publish_orders_settled(orders, posted, at);
  if cardinality(settled) = cardinality(orders) then
    return query select s.order_id, 'settled' from unnest(settled) s (order_id);
  else
    return query
    select o.order_id, (select r.state from receivable r where r.order_id = o.order_id) from unnest(orders) o;
  end if;
end $$;
