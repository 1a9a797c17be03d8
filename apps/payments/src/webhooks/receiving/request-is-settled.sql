-- Whether one of these requests, which are kept already, settles an earlier one that was not supported, or that could
-- not be read and has the same bytes.
create or replace function request_is_settled(
  requests webhook_notice[], bodies bytea[], decided webhook_decision[]
) returns boolean language plpgsql as $$
begin
  return exists (select from unnest(decided) d where d.settles is not null)
    -- Mostly no unreadable request is open.
    or exists (
      select from webhook_request w
      where w.verdict = 'quarantined' and w.dismissed_at is null and w.event_id is null)
    and exists (
      select from unnest(requests) r
      join unnest(bodies) with ordinality b (body, position) on b.position = r.position
      where r.event_id is not null and exists (
        select from webhook_request w
        where w.provider = r.provider and sha256(w.body) = sha256(b.body)
          and w.verdict = 'quarantined' and w.dismissed_at is null and w.event_id is null offset 0));
end $$;
