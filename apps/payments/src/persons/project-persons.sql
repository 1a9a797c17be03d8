-- Adds these persons to the projection, and allocates the payments in suspense that named one of the new ones, or one
-- of the orders that were `added` with them. Under the ledger's lock.
-- Returns who can spend more by that: the caller funds receivables with it.
create or replace function project_persons(persons known_person[], added order_event[], at timestamptz)
returns funding[]
language plpgsql as $$
declare
  newcomers uuid[];
begin
  with inserted as (
    insert into person (person_id, known_since)
    select distinct p.person_id, at from unnest(persons) p order by p.person_id
    on conflict do nothing returning person_id
  )
  select coalesce(array_agg(person_id), '{}') into newcomers from inserted;
  if newcomers = '{}' and added = '{}' then
    return array[]::funding[];
  end if;
  return allocate_waiting_payments(array(
    select distinct on (p.person_id) p from unnest(persons) p
    where p.person_id = any (newcomers) order by p.person_id
  ), added, at);
end $$;
