-- What admitted requests change of the counters. A hold that is redeemed gives its held slot for a used one.
create or replace function admission_changes(
  requests admission_request[], decisions admission_decision[], at timestamptz)
returns setof counter_change language sql stable as $$
  select r.position as "position", coalesce(d.redeems_hold, r.redemption_id) as redemption_id, r.code_id as code_id,
    r.person_id as person_id, r.offer_id as offer_id,
    (not r.is_held)::integer as used,
    r.is_held::integer - (d.redeems_hold is not null)::integer as held,
    case when r.is_held then 0 else r.benefit_minor end as given_minor,
    case when r.is_held then r.benefit_minor else 0 end as held_minor,
    (d.redeems_hold is null)::integer as person_slots,
    1 as offer_slots,
    (r.for_new_person and d.redeems_hold is null)::integer as new_person_slots,
    case when not r.is_held then 'redeemed' end as entry,
    r.benefit_minor as benefit_minor, r.currency as currency, r.revenue_minor as revenue_minor,
    r.conversion_id as conversion_id, r.order_id as order_id, coalesce(r.applied_at, at) as applied_at,
    r.traceparent as traceparent, r.correlation_id as correlation_id, r.causation_id as causation_id,
    r.author as author
  from unnest(requests) r join unnest(decisions) d on d.position = r.position
  where d.verdict is null and r.is_counted
$$;
