-- Inserts the receipt of each decision, with the counters before and after it, and counts each refusal of a code. A
-- repeat and a request that is evaluated again have none. Refusals are rows of their own until a job adds them up: a
-- counter would be a lock that refused requests wait for.
create or replace function write_admission_receipts(
  requests admission_request[], decisions admission_decision[], at timestamptz)
returns void language plpgsql as $$
#variable_conflict use_column
begin
  with written as (
    insert into decision_receipt (id, code_id, code, person_id, offer_id, order_id, conversion_id, redemption_id, trace_id,
      stage, allowed, reason, local_time, timezone, trace, used_before, used_after, held_before, held_after, given_before,
      given_after, person_before, person_after, offer_before, offer_after, at)
    select r.receipt_id, r.code_id, r.code, r.person_id, r.offer_id, r.order_id, r.conversion_id,
      case when d.verdict is null and r.is_counted then coalesce(d.redeems_hold, d.redemption_id) end,
      split_part(r.traceparent, '-', 2), r.stage, d.verdict is null, d.verdict, r.local_time, r.timezone, r.trace,
      b.used, b.used + (m.is_new and not r.is_held)::integer,
      b.held, b.held + (m.is_new and r.is_held)::integer - (m.is_new and d.redeems_hold is not null)::integer,
      b.given, b.given + m.is_new::integer * r.benefit_minor,
      b.person, b.person + (m.is_new and d.redeems_hold is null)::integer,
      b.offer, b.offer + m.is_new::integer, at
    from unnest(requests) r join unnest(decisions) d on d.position = r.position
    cross join lateral (select d.verdict is null and r.is_counted as is_new) m
    -- A request that the rules refuse was not compared with the counters, and takes no lock to read them.
    left join lateral (
      select p.used, p.held, p.given_minor + p.held_minor as given,
        (select u.uses from promo_code_person_usage u where u.code_id = p.id and u.person_id = r.person_id) as person,
        (select u.uses from promo_code_offer_usage u where u.code_id = p.id and u.offer_id = r.offer_id) as offer
      from promo_code p where p.id = r.code_id and d.used_before is null offset 0
    ) k on true
    cross join lateral (
      select coalesce(d.used_before, k.used) as used, coalesce(d.held_before, k.held) as held,
        coalesce(d.given_before, k.given) as given, coalesce(d.person_before, k.person) as person,
        coalesce(d.offer_before, k.offer) as offer
    ) b
    where d.verdict is distinct from 'REPEATED' and d.verdict is distinct from 'CHANGED'
    order by r.position
    returning id, code_id, reason, allowed, at
  )
  insert into refusal_not_rolled_up (receipt_id, code_id, day, reason)
  select w.id, w.code_id, (w.at at time zone 'UTC')::date, w.reason from written w
  where not w.allowed and w.code_id is not null;
end $$;
