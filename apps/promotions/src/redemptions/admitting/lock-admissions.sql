-- Locks what decides about requests that the rules allowed: the codes in the order of their ids, then the slots of the
-- persons who request codes for new persons.
create or replace function lock_admissions(requests admission_request[]) returns void
language plpgsql as $$
declare
  new_persons uuid[] := array(
    select r.person_id from unnest(requests) r where r.ineligibility is null and r.for_new_person);
begin
  perform from promo_code p where p.id = any (
    array(select r.code_id from unnest(requests) r where r.ineligibility is null)) order by p.id for update;
  if cardinality(new_persons) > 0 then
    perform lock_new_persons(new_persons);
  end if;
end $$;
