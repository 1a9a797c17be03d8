-- The status of a code once its redemptions are used_now. The last redemption deactivates the code where it says so,
-- and a reversal reactivates a code that was deactivated in this way. A new deactivation is not announced yet.
create or replace function code_status_after(code promo_code, used_now bigint, at timestamptz)
returns table (status text, auto_deactivated_at timestamptz, deactivation_announced_at timestamptz)
language sql stable as $$
  select
    case transition when 'deactivate' then 'expired' when 'reactivate' then 'active' else code.status end,
    case transition when 'deactivate' then at when 'reactivate' then null else code.auto_deactivated_at end,
    case when transition is null then code.deactivation_announced_at end
  from (
    select case
      when code.status = 'active' and code.auto_deactivate_on_max_uses and used_now >= code.max_uses then 'deactivate'
      when code.status = 'expired' and code.auto_deactivated_at is not null and used_now < code.max_uses then 'reactivate'
    end as transition
  ) decided
$$;
