-- Settles earlier requests that were quarantined or stored, by the first of their repeats that is supported now: they
-- become duplicates that name the repeat. A request that could not be read at all is settled by one with the same
-- bytes. Under the ledger's lock.
create or replace function settle_notifications(
  requests webhook_notice[], bodies bytea[], decided webhook_decision[]
) returns void
language plpgsql as $$
begin
  -- Mostly there is nothing to settle.
  if not exists (select from unnest(decided) d where d.settles is not null) and not exists (
    select from webhook_request w
    where w.verdict = 'quarantined' and w.dismissed_at is null and w.event_id is null
  ) then
    return;
  end if;
  with settled as (
    select distinct on (s.id) s.id, s.repeat_id
    from (
      select d.settles as id, d.id as repeat_id from unnest(decided) d where d.settles is not null
      union all
      select u.id, d.id
      from unnest(requests) r
      join unnest(decided) d on d.position = r.position
      join unnest(bodies) with ordinality b (body, position) on b.position = r.position
      cross join lateral (
        select w.id from webhook_request w
        where w.provider = r.provider and sha256(w.body) = sha256(b.body)
          and w.verdict = 'quarantined' and w.dismissed_at is null and w.event_id is null offset 0
      ) u
      where r.event_id is not null
    ) s
    order by s.id, s.repeat_id
  )
  update webhook_request w set verdict = 'duplicate', settled_by = s.repeat_id
  from settled s
  where w.id = any (array(select t.id from settled t)) and w.id = s.id;
end $$;
