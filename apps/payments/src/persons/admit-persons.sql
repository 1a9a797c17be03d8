-- Projects persons who registered. Payments that named them leave suspense and fund their receivables. Takes the
-- ledger's lock.
create or replace function admit_persons(persons known_person[], at timestamptz) returns void
language plpgsql
set plan_cache_mode = force_generic_plan set jit = off set enable_seqscan = off set enable_mergejoin = off
set enable_nestloop = off set enable_hashjoin = on
as $$
begin
  perform ledger_lock();
  perform publish_credit_applied(fund_receivables(project_persons(persons, '{}', at), at), at);
end $$;
