-- Withdraws the receivables of orders that were cancelled, expired or released, and voids their reservations; what was
-- written off for them goes back. What the
-- persons can spend funds their other receivables: an end releases money, or what stood in front of others is gone.
-- Takes the ledger's lock.
-- Returns the state of each order's receivable then; the caller asserts that it is `withdrawn`. Returns no row and
-- changes nothing when one of the orders is unknown: the caller projects them and calls again.
create or replace function withdraw_receivables(orders order_event[], at timestamptz)
returns table (order_id uuid, state text)
language plpgsql
set plan_cache_mode = force_generic_plan set jit = off set enable_seqscan = off set enable_mergejoin = off
set enable_nestloop = off set enable_hashjoin = on
as $$
declare
  reserved uuid[];
begin
  perform ledger_lock();
  if exists (
    select from unnest(orders) o where (select r.order_id from receivable r where r.order_id = o.order_id) is null
  ) then
    return;
  end if;
  reserved := array(
    select distinct o.order_id from unnest(orders) o
    where (select r.state from receivable r where r.order_id = o.order_id) = 'reserved');
  perform ledger_resolve(array(select 'reserve/' || o from unnest(reserved) o), 'voided', at);
  if reserved <> '{}' then
    perform reverse_write_offs(reserved, at);
  end if;
  update receivable r set state = 'withdrawn', resolved_at = at,
    reason = (select o.reason from unnest(orders) o where o.order_id = r.order_id limit 1)
  where r.order_id = any (array(select o.order_id from unnest(orders) o)) and r.state in ('open', 'reserved');
  perform publish_credit_applied(fund_receivables(array(
    select funding_of(person_id => o.person_id, currency => o.currency, cause => o.cause) from unnest(orders) o
  ), at), at);
  return query
  select o.order_id, (select r.state from receivable r where r.order_id = o.order_id) from unnest(orders) o;
end $$;
