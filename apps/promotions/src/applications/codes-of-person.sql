-- The codes that a person applied, and the active bonus codes that list the person. Scalar subqueries are index look-ups,
-- even where the planner misjudges the size of a table.
create or replace function codes_of_person(of_person uuid)
returns table (code_id uuid, applied_at timestamptz, state text)
language sql stable as $$
  select a.code_id, a.applied_at, a.state from promo_application a where a.person_id = of_person
  union all
  select l.code_id, null, 'offered' from promo_code_person l
  where l.person_id = of_person
    and (select c.kind = 'bonus' and c.audience = 'listed' and c.status = 'active' from promo_code c
      where c.id = l.code_id)
    and (select a.state from promo_application a where a.code_id = l.code_id and a.person_id = of_person) is null
$$;
