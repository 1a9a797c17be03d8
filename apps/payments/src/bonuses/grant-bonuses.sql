-- Credits each bonus that is new to its person, promotion expense → person, posted, and funds the person's receivables.
-- Takes the ledger's lock. A bonus that was reversed before it was earned moves nothing.
-- Returns whether each event agrees with the bonus that has its id.
create or replace function grant_bonuses(earned bonus_event[], at timestamptz)
returns table (bonus_id uuid, agrees boolean)
language plpgsql
set plan_cache_mode = force_generic_plan set jit = off set enable_seqscan = off set enable_mergejoin = off
set enable_nestloop = off set enable_hashjoin = on
as $$
declare
  granted bonus[];
  events bonus_event[];
begin
  perform ledger_lock();
  with fresh as (
    insert into bonus (id, person_id, amount_minor, currency, granted_at)
    select e.bonus_id, e.person_id, e.amount_minor, e.currency, at from unnest(earned) e order by e.position
    on conflict (id) do nothing
    returning bonus
  )
  select coalesce(array_agg(f.bonus), '{}') into granted from fresh f;
  if granted <> '{}' then
    perform post_bonuses(granted, at);
    events := array(
      select distinct on (e.bonus_id) e from unnest(earned) e
      where e.bonus_id = any (array(select g.id from unnest(granted) g)));
    -- A bonus proves that its person exists.
    perform publish_credit_applied(fund_receivables(
      project_persons(array(
        select known_person_of(person_id => e.person_id, cause => e.cause) from unnest(events) e), '{}', at)
      || array(
        select funding_of(person_id => e.person_id, currency => e.currency, cause => e.cause) from unnest(events) e
      ), at), at);
  end if;
  return query select * from bonuses_agree(earned);
end $$;
