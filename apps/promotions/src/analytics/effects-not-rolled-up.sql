-- What the entries of a code change that its rollups do not hold. Bounded on both sides, so that the planner expects few.
create or replace function effects_not_rolled_up(of_code uuid) returns setof redemption_effect
language sql stable as $$
  select * from redemption_effect
  where code_id = of_code
    and entry_no > coalesce((select entry_no from rollup_watermark where code_id = of_code), 0)
    and entry_no <= (select last_entry from promo_code where id = of_code)
$$;
