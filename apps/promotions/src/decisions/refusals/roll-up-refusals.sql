-- Moves at most refusals_max refusals into the sums per code, day and reason, and returns their number. Each refusal is
-- deleted and added in one transaction, so that a reader finds it in one of both. Two calls at once take different
-- refusals, and add to the sums in one order.
create or replace function roll_up_refusals(refusals_max integer) returns bigint
language sql as $$
  with taken as (
    delete from refusal_not_rolled_up
    where receipt_id in (select receipt_id from refusal_not_rolled_up limit refusals_max for update skip locked)
    returning code_id, day, reason
  ),
  added as (
    insert into rollup_refusal as known (code_id, day, reason, refusals)
    select code_id, day, reason, count(*) from taken group by code_id, day, reason order by code_id, day, reason
    on conflict (code_id, day, reason) do update set refusals = known.refusals + excluded.refusals
  )
  select count(*) from taken
$$;
