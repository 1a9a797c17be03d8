-- Applies changes to the slots that persons have of all codes for new persons together. Codes do not guard these slots:
-- each is locked, in the order of the persons. The check constraint refuses a second slot; then all of it fails.
create or replace function count_new_persons(changes counter_change[]) returns void
language plpgsql as $$
declare
  persons uuid[] := array(select c.person_id from unnest(changes) c where c.new_person_slots <> 0);
begin
  if cardinality(persons) = 0 then
    return;
  end if;

  perform lock_new_persons(persons);
  update new_person_usage u set uses = u.uses + d.slots
  from (
    select c.person_id, sum(c.new_person_slots) as slots from unnest(changes) c
    where c.new_person_slots <> 0 group by c.person_id
  ) d where u.person_id = any (persons) and u.person_id = d.person_id;
end $$;
