-- Keeps the raw requests with their verdicts. `bodies` are in the order of the requests. Under the ledger's lock.
create or replace function keep_requests(
  requests webhook_notice[], bodies bytea[], decided webhook_decision[], at timestamptz
) returns void
language plpgsql as $$
begin
  insert into webhook_request
    (id, provider, event_id, content_hash, admitted, verdict, reason, payment_id, refund_id, headers, body, received_at,
      untaken_reference)
  select d.id, r.provider, r.event_id, r.content_hash, d.admitted, d.verdict, d.reason, d.payment_id, d.refund_id,
    r.headers, b.body, at, case when d.reason = 'PAYMENT_UNNAMED' then (r.payment).reference end
  from unnest(requests) r
  join unnest(decided) d on d.position = r.position
  join unnest(bodies) with ordinality b (body, position) on b.position = r.position
  order by r.position;
end $$;
