-- Opens the receivables of these orders, reserves what their persons have already, and publishes credit-applied.
-- Takes the ledger's lock. An order whose end came first stays ended; a repeat changes nothing.
-- Returns the payments in suspense that are found to be these persons'. When there are any, nothing is reserved yet: the
-- caller allocates the payments and then funds receivables.
create or replace function open_receivables(orders order_event[], at timestamptz) returns setof payment_match
language plpgsql
set plan_cache_mode = force_generic_plan set jit = off set enable_seqscan = off set enable_mergejoin = off
set enable_nestloop = off set enable_hashjoin = on
as $$
declare
  matches payment_match[];
begin
  perform ledger_lock();
  matches := project_orders(orders, 'open', at);
  if matches = '{}' then
    perform publish_credit_applied(fund_receivables(array(
      select funding_of(person_id => o.person_id, currency => o.currency, cause => o.cause) from unnest(orders) o
    ), at), at);
  end if;
  return query select * from unnest(matches);
end $$;
