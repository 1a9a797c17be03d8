-- The state of a code for a person, beside the application. Scalar subqueries are index look-ups, even where the planner
-- misjudges the size of a table.
create or replace function held_code_of(of_code uuid, of_person uuid)
returns table (title text, uses bigint, is_listed boolean, is_new boolean)
language sql stable as $$
  select
    (select c.title from promo_code c where c.id = of_code),
    coalesce((select u.uses from promo_code_person_usage u where u.code_id = of_code and u.person_id = of_person), 0),
    coalesce((select true from promo_code_person l where l.code_id = of_code and l.person_id = of_person), false),
    not coalesce((select p.has_closed_order from person p where p.id = of_person), false)
$$;
