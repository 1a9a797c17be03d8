-- Adds entries to the sums per code, offer, day and currency. A redemption counts on the day on which it was applied;
-- its reversal takes it back from that day and counts as a reversal on its own day.
create or replace function roll_up_sums(ranges entry_range[]) returns void language plpgsql as $$
#variable_conflict use_column
begin
  with effect as materialized (
    select e.* from unnest(ranges) r
    cross join lateral (
      select * from redemption_effect
      where code_id = r.code_id and entry_no > r.after_entry and entry_no <= r.last_entry offset 0
    ) e
  )
  insert into rollup as known
    (code_id, offer_id, day, currency, redemptions, reversals, uses, given_minor, reversed_minor, kept_minor, revenue_minor)
  select code_id, offer_id, day, currency, sum(redemptions), sum(reversals), sum(uses), sum(given_minor),
    sum(reversed_minor), sum(kept_minor), sum(revenue_minor)
  from (
    select code_id, offer_id, day, currency, (not is_reversal)::int as redemptions, 0 as reversals, uses,
      case when is_reversal then 0 else kept_minor end as given_minor, 0 as reversed_minor, kept_minor, revenue_minor
    from effect
    union all
    select code_id, offer_id, entered_on, currency, 0, 1, 0, 0, -kept_minor, 0, 0 from effect where is_reversal
  ) as part
  group by code_id, offer_id, day, currency
  on conflict (code_id, offer_id, day, currency) do update set
    redemptions = known.redemptions + excluded.redemptions,
    reversals = known.reversals + excluded.reversals,
    uses = known.uses + excluded.uses,
    given_minor = known.given_minor + excluded.given_minor,
    reversed_minor = known.reversed_minor + excluded.reversed_minor,
    kept_minor = known.kept_minor + excluded.kept_minor,
    revenue_minor = known.revenue_minor + excluded.revenue_minor;
end $$;
