-- The code that a folded text names: the one that is not archived, else the archived one that was created last. So holders
-- of an archived code still receive the reason of its refusal. Postgres puts the body into the calling statement: one
-- look-up in promo_code_text.
create or replace function code_named(folded_text text) returns setof promo_code language sql stable as $$
  select * from promo_code c where c.folded = folded_text
  order by case when c.status = 'archived' then c.id end desc limit 1
$$;
