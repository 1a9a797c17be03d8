-- Allocates payments to the persons that an admin names, and funds their receivables. Takes the ledger's lock.
create or replace function assign_payments(allocations payment_allocation[], at timestamptz) returns void
language plpgsql
set plan_cache_mode = force_generic_plan set jit = off set enable_seqscan = off set enable_mergejoin = off
set enable_nestloop = off set enable_hashjoin = on
as $$
begin
  perform ledger_lock();
  perform publish_credit_applied(fund_receivables(allocate_payments(allocations, at), at), at);
end $$;
