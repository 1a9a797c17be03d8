-- Adds entries to the days on which each person used an offer, and to the count of persons per day and previous day.
-- The visits of a person whose days change are subtracted as they were and added as they are now.
create or replace function roll_up_visits(ranges entry_range[]) returns void language plpgsql as $$
#variable_conflict use_column
begin
  with effect as materialized (
    select e.* from unnest(ranges) r
    cross join lateral (
      select * from redemption_effect
      where code_id = r.code_id and entry_no > r.after_entry and entry_no <= r.last_entry offset 0
    ) e
  ),
  change as (
    select code_id, offer_id, person_id, day, sum(uses) as uses from effect
    group by code_id, offer_id, person_id, day having sum(uses) <> 0
  ),
  known as materialized (
    select person.* from (select distinct code_id, offer_id, person_id from change) as changed
    join rollup_person as person using (code_id, offer_id, person_id)
  ),
  written as (
    insert into rollup_person as known (code_id, offer_id, person_id, day, uses)
    select code_id, offer_id, person_id, day, uses from change
    on conflict (code_id, offer_id, person_id, day) do update set uses = known.uses + excluded.uses
  ),
  visit as (
    select code_id, offer_id, day, -1 as persons,
      lag(day, 1, '-infinity') over (partition by code_id, offer_id, person_id order by day) as previous_day
    from known where uses > 0
    union all
    select code_id, offer_id, day, 1,
      lag(day, 1, '-infinity') over (partition by code_id, offer_id, person_id order by day)
    from (
      select code_id, offer_id, person_id, day
      from (select * from known union all select * from change) as both_sides
      group by code_id, offer_id, person_id, day having sum(uses) > 0
    ) as now_known
  )
  insert into rollup_visit as known (code_id, previous_day, offer_id, day, persons)
  select code_id, previous_day, offer_id, day, sum(persons) from visit
  group by code_id, previous_day, offer_id, day having sum(persons) <> 0
  on conflict (code_id, previous_day, offer_id, day) do update set persons = known.persons + excluded.persons;
end $$;
