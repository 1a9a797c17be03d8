-- Classifies requests before money is looked at. Under the ledger's lock.
-- The first request of an event id says what the id stands for: a repeat with the same content is a duplicate, one with
-- other content is quarantined. When the first one was not supported (its type, its currency) and its repeat is
-- supported now, the repeat is applied.
-- `stands_for`: the content of the request that came first under the event id, in the table or in this set.
create or replace function classify_requests(requests webhook_notice[]) returns webhook_classification[]
language plpgsql as $$
begin
  return array(
    select classification_of(
      "position" => s.position,
      classification => case when s.stands_for is null then s.verdict when s.stands_for <> s.content_hash
        then 'quarantined' when s.supported_now then s.verdict else 'duplicate' end,
      reason => case when s.stands_for is null then s.reason when s.stands_for <> s.content_hash
        then 'EVENT_ID_REUSED' end,
      supported_now => s.supported_now, first_request => s.first_request)
    from (
      select r.position, r.verdict, r.reason, r.content_hash, k.id as first_request, coalesce(
          k.content_hash,
          case when r.event_id is not null and row_number() over event > 1
            then first_value(r.content_hash) over event end
        ) as stands_for,
        -- Money that contradicts what is stored was supported.
        coalesce(k.verdict in ('quarantined', 'stored') and coalesce(k.reason, '') not in (
            'PAYMENT_REUSED', 'REFUND_REUSED', 'REFUND_CURRENCY_DIFFERS')
          and r.verdict not in ('quarantined', 'stored'), false) as supported_now
      from unnest(requests) r
      left join lateral (
        select w.id, w.content_hash, w.verdict, w.reason from webhook_request w
        where w.provider = r.provider and w.event_id = r.event_id and w.admitted offset 0
      ) k on true
      window event as (partition by r.provider, r.event_id order by r.position)
    ) s
    order by s.position);
end $$;
