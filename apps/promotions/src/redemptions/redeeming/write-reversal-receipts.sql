-- Inserts the receipt of each reversal, with the counters of the code before and after it.
create or replace function write_reversal_receipts(changes counter_change[], changed redemption[], at timestamptz)
returns void language plpgsql as $$
#variable_conflict use_column
begin
  insert into decision_receipt (code_id, code, person_id, offer_id, order_id, conversion_id, redemption_id, trace_id,
    stage, allowed, reason, trace,
    used_before, used_after, held_before, held_after, given_before, given_after, at)
  select c.code_id, p.code, c.person_id, c.offer_id, c.order_id, c.conversion_id, c.redemption_id,
    split_part(c.traceparent, '-', 2), 'reverse', true, u.end_reason,
    jsonb_build_array(jsonb_build_object('rule', 'give_back', 'ok', true,
      'saw', case when u.keeps_slot then 'the slot stays taken' else 'the slot is free again' end)),
    p.used - s.used, p.used - s.used + c.used, p.held, p.held,
    p.given_minor + p.held_minor - s.given, p.given_minor + p.held_minor - s.given + c.given_minor, at
  from unnest(changes) c
  join unnest(changed) u on u.id = c.redemption_id
  join promo_code p on p.id = c.code_id
  cross join lateral (
    -- This change and those of the same code after it.
    select sum(d.used) as used, sum(d.given_minor) as given from unnest(changes) d
    where d.code_id = c.code_id and d.position >= c.position
  ) s
  where u.state = 'reversed' order by c.position;
end $$;
