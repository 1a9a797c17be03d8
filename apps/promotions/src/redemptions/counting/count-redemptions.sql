-- Applies changes to the counters of codes, whose locks the caller holds, and enters redemptions and reversals into the
-- journal. The check constraints of promo_code refuse a change that would exceed a limit; then all of it fails.
-- The statement that counts the last redemption deactivates the code and adds promo-code-deactivated to the outbox.
create or replace function count_redemptions(changes counter_change[], at timestamptz) returns void
language plpgsql as $$
#variable_conflict use_column
begin
  if cardinality(changes) = 0 then
    return;
  end if;

  with delta as (
    select c.code_id, sum(c.used) as used, sum(c.held) as held, sum(c.given_minor) as given_minor,
      sum(c.held_minor) as held_minor, count(c.entry) as entries, max(c.position) as last_position
    from unnest(changes) c group by c.code_id
  ), counted as (
    update promo_code p set
      used = p.used + d.used,
      held = p.held + d.held,
      given_minor = p.given_minor + d.given_minor,
      held_minor = p.held_minor + d.held_minor,
      last_entry = p.last_entry + d.entries,
      first_used_at = coalesce(p.first_used_at, at),
      (status, auto_deactivated_at, deactivation_announced_at) = (
        select s.status, s.auto_deactivated_at, s.deactivation_announced_at
        from code_status_after(p, (p.used + d.used)::bigint, at) s)
    from delta d
    where p.id = d.code_id
    returning p.id, p.code, p.kind, p.used, p.max_uses, p.last_entry - d.entries as entries_before, d.last_position,
      d.used > 0 and p.status = 'expired' and p.auto_deactivated_at is not null as is_deactivated
  ), published as (
    insert into outbox (type, subject, data, traceparent, correlation_id, causation_id, author)
    select 'promotions.promo-code-deactivated.v1', u.id::text, json_build_object(
        'code_id', u.id, 'code', u.code, 'reason', 'max_uses_reached', 'used', u.used, 'max_uses', u.max_uses,
        'deactivated_at', to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')),
      c.traceparent, c.correlation_id, c.causation_id, c.author
    from counted u join unnest(changes) c on c.code_id = u.id and c.position = u.last_position
    where u.is_deactivated
  )
  insert into redemption_entry (code_id, entry_no, kind, redemption_id, person_id, offer_id, benefit_kind, benefit_minor,
    currency, revenue_minor, conversion_id, order_id, applied_at, at)
  select c.code_id, u.entries_before + row_number() over (partition by c.code_id order by c.position), c.entry,
    c.redemption_id, c.person_id, c.offer_id, u.kind, c.benefit_minor, c.currency, c.revenue_minor, c.conversion_id,
    c.order_id, c.applied_at, at
  from unnest(changes) c join counted u on u.id = c.code_id
  where c.entry is not null;

  perform count_usage(changes);
  perform count_new_persons(changes);
end $$;
