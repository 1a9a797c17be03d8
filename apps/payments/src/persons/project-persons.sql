-- Adds these persons to the projection. Returns the payments in suspense that named one of the new ones, or one of the
-- orders that were `added` with them: the caller allocates these. Under the ledger's lock.
create or replace function project_persons(persons known_person[], added order_event[], at timestamptz)
returns payment_match[]
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
    return array[]::payment_match[];
  end if;
  return match_waiting_payments(array(
    select distinct on (p.person_id) p from unnest(persons) p
    where p.person_id = any (newcomers) order by p.person_id
  ), added);
end $$;
