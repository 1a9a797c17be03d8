-- Decides requests against the counters of their codes, exactly as if they came one after the other by position, and
-- stores what was admitted: holds or redemptions, counters, journal entries, and the receipt of each decision.
-- Locks the codes in the order of their ids, so that no limit is exceeded and no two sets deadlock, with any
-- number of instances. A transaction of several calls locks all of its codes first (RedemptionsStore.lockCodes).
--
-- verdict: null for an admitted request; else REPEATED (its order or conversion has a redemption of the code),
-- CHANGED (the rules were edited since: evaluate again), WITH_ANOTHER (another request of its group was refused), or the
-- reason code.
--
-- The planner does not know the length of an array nor how a table grows until a cached plan runs. So the plan is set
-- here: tables are reached through their indexes, by their own keys alone.
create or replace function admit_redemptions(requests admission_request[], at timestamptz)
returns table ("position" integer, verdict text, redemption_id uuid)
language plpgsql
set plan_cache_mode = force_generic_plan set jit = off set enable_seqscan = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  decisions admission_decision[] := decide_admissions(requests);
begin
  perform write_redemptions(requests, decisions, at);
  perform count_redemptions(array(select c from admission_changes(requests, decisions, at) c), at);
  perform write_admission_receipts(requests, decisions, at);
  return query
  select d.position, d.verdict, coalesce(d.redeems_hold, d.redemption_id) from unnest(decisions) d order by d.position;
end $$;
