-- Opens the receivables of these orders, reserves what their persons have already, and publishes credit-applied.
-- Takes the ledger's lock. An order whose end came first stays ended; a repeat changes nothing.
create or replace function open_receivables(orders order_event[], at timestamptz) returns void
language plpgsql
set plan_cache_mode = force_generic_plan set jit = off set enable_seqscan = off set enable_mergejoin = off
set enable_nestloop = off set enable_hashjoin = on
as $$
declare
  allocated funding[];
begin
  perform ledger_lock();
  allocated := project_orders(orders, 'open', at);
  perform publish_credit_applied(fund_receivables(allocated || array(
    select funding_of(person_id => o.person_id, currency => o.currency, cause => o.cause) from unnest(orders) o
  ), at), at);
end $$;
