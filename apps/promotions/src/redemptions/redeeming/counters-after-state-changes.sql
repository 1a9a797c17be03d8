-- What state changes change of the counters. Only a hold that is redeemed and a reversal enter the journal.
create or replace function counters_after_state_changes(changes state_change[], changed redemption[])
returns setof counter_change language sql stable as $$
  select m.position as "position", u.id as redemption_id, u.code_id as code_id, u.person_id as person_id,
    u.offer_id as offer_id,
    s.sign as used,
    case when u.state = 'reversed' then 0 else -1 end as held,
    s.sign * u.benefit_minor as given_minor,
    case when u.state = 'reversed' then 0 else -u.benefit_minor end as held_minor,
    u.keeps_slot::integer - 1 as person_slots,
    u.keeps_slot::integer - 1 as offer_slots,
    u.for_new_person::integer * (u.keeps_slot::integer - 1) as new_person_slots,
    case when u.state in ('redeemed', 'reversed') then u.state end as entry,
    u.benefit_minor as benefit_minor, u.currency as currency, coalesce(m.revenue_minor, 0) as revenue_minor,
    u.conversion_id as conversion_id, u.order_id as order_id, u.applied_at as applied_at,
    m.traceparent as traceparent, m.correlation_id as correlation_id, m.causation_id as causation_id,
    m.author as author
  from unnest(changed) u
  join (
    select distinct on (n.redemption_id) n.* from unnest(changes) n order by n.redemption_id, n.position
  ) m on m.redemption_id = u.id
  cross join lateral (
    select case when u.state = 'redeemed' then 1 when u.state = 'reversed' and not u.keeps_slot then -1 else 0 end as sign
  ) s
$$;
