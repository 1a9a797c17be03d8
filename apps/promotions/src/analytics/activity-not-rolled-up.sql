-- The activity of a code that its rollups do not hold. An entry counts on the day on which its code was applied; a
-- reversal counts on its own day as well.
create or replace function activity_not_rolled_up(of_code uuid)
returns table (code_id uuid, day date, currency text, redemptions integer, reversals integer, given_minor bigint,
  reversed_minor bigint, revenue_minor bigint)
language sql stable as $$
  with effect as materialized (select * from effects_not_rolled_up(of_code))
  select e.code_id, e.day, e.currency, (not e.is_reversal)::integer, 0,
    case when e.is_reversal then 0 else e.kept_minor end, 0::bigint, e.revenue_minor
  from effect e
  union all
  select e.code_id, e.entered_on, e.currency, 0, 1, 0::bigint, -e.kept_minor, 0::bigint
  from effect e where e.is_reversal
$$;
