-- Locks the slot that each of these persons has of all codes for new persons together, in the order of the persons.
-- Inserts a free slot where there is none, and waits for a transaction that inserts it. Locks of codes come before.
create or replace function lock_new_persons(persons uuid[]) returns void
language plpgsql as $$
begin
  insert into new_person_usage (person_id, uses)
  select person_id, 0 from (select distinct unnest(persons) as person_id) wanted order by person_id
  on conflict do nothing;
  perform from new_person_usage u where u.person_id = any (persons) order by u.person_id for update;
end $$;
