-- The row to be kept for each request, from how it is classified and from what the ledger answered. Under the ledger's
-- lock. A request is `admitted` when its event id stands for it: the first one with that id and this content.
create or replace function decide_requests(
  requests webhook_notice[], classified webhook_classification[], paid payment_answer[], refunded refund_answer[]
) returns webhook_decision[]
language plpgsql as $$
declare
  first_id text := uuid_v7()::text;
begin
  return array(
    select decision_of(
      "position" => c.position,
      id => uuid_after(first_id, c.position),
      admitted => r.event_id is not null and m.same_content and c.classification <> 'duplicate'
        and not c.supported_now,
      verdict => case p.verdict when 'registered' then 'applied' when 'conflict' then 'quarantined'
        when 'duplicate' then 'duplicate' else coalesce(f.verdict, c.classification) end,
      reason => case p.verdict when 'conflict' then 'PAYMENT_REUSED' else coalesce(f.reason, c.reason) end,
      payment_id => case when p.verdict <> 'conflict' then p.payment_id end,
      refund_id => f.refund_id,
      settles => case when m.same_content and c.supported_now then c.first_request end)
    from unnest(requests) r
    join unnest(classified) c on c.position = r.position
    cross join lateral (select c.reason is distinct from 'EVENT_ID_REUSED' as same_content) m
    left join unnest(paid) p on p.position = c.position
    left join unnest(refunded) f on f.position = c.position
    order by c.position);
end $$;
