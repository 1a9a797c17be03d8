-- Applies changes to the slots that each person and each offer have of a code, under the lock of the code.
create or replace function count_usage(changes counter_change[]) returns void
language plpgsql as $$
#variable_conflict use_column
begin
  -- New slots insert or increment a row; a slot that is given back has its row.
  insert into promo_code_person_usage as u (code_id, person_id, uses)
  select c.code_id, c.person_id, sum(c.person_slots) from unnest(changes) c
  group by c.code_id, c.person_id having sum(c.person_slots) > 0
  on conflict (code_id, person_id) do update set uses = u.uses + excluded.uses;

  insert into promo_code_offer_usage as u (code_id, offer_id, uses)
  select c.code_id, c.offer_id, sum(c.offer_slots) from unnest(changes) c where c.offer_id is not null
  group by c.code_id, c.offer_id having sum(c.offer_slots) > 0
  on conflict (code_id, offer_id) do update set uses = u.uses + excluded.uses;

  if exists (select from unnest(changes) c where c.person_slots < 0) then
    update promo_code_person_usage u set uses = u.uses + d.slots
    from (
      select c.code_id, c.person_id, sum(c.person_slots) as slots from unnest(changes) c
      group by c.code_id, c.person_id having sum(c.person_slots) < 0
    ) d where u.code_id = d.code_id and u.person_id = d.person_id;

    update promo_code_offer_usage u set uses = u.uses + d.slots
    from (
      select c.code_id, c.offer_id, sum(c.offer_slots) as slots from unnest(changes) c where c.offer_id is not null
      group by c.code_id, c.offer_id having sum(c.offer_slots) < 0
    ) d where u.code_id = d.code_id and u.offer_id = d.offer_id;
  end if;
end $$;
