create or replace function record_refunds(told refund_notice[], at timestamptz) returns refund_answer[]
language plpgsql set plan_cache_mode = force_generic_plan set jit = off set enable_seqscan = off set enable_mergejoin = off set enable_nestloop = off set enable_hashjoin = on as $$
declare
  first_id text;
  fresh uuid[];
  known known_refund[];
  moves refund_move[];
begin
  perform ledger_lock();
  first_id := uuid_v7()::text;
  -- Whoever tells of a return first, in the table and inside the batch, says what it is. Every other id is left free,
  -- for the transfer that puts what is owed on the person’s account.
  with added as (
    insert into refund
      (id, provider, kind, reference, payment_reference, amount_minor, currency, state, received_at)
    select uuid_after(first_id, 2 * n.position), n.provider, n.kind, n.reference, n.payment_reference, n.amount_minor,
      n.currency, 'waiting', at
    from unnest(told) with ordinality n (request, provider, kind, reference, payment_reference, amount_minor, currency,
      reinstated, cause, position)
    order by n.position
    on conflict (provider, kind, reference) do nothing returning id
  )
  select coalesce(array_agg(a.id), '{}') into fresh from added a;
  known := array(
    select row(n.position, r.id, r.state, r.id = any (fresh),
      (r.payment_reference, r.amount_minor, r.currency) = (n.payment_reference, n.amount_minor, n.currency),
      n.reinstated, n.cause)::known_refund
    from unnest(told) with ordinality n (request, provider, kind, reference, payment_reference, amount_minor, currency,
      reinstated, cause, position)
    cross join lateral (
      select * from refund w
      where w.provider = n.provider and w.kind = n.kind and w.reference = n.reference offset 0
    ) r);

  -- What comes back comes first: others of its payment may have waited for it.
  moves := reinstate_refunds(array(
    select distinct on (h.refund_id) row(h.refund_id, h.cause)::refund_due
    from unnest(known) h where h.agrees and h.reinstated order by h.refund_id, h.position), at);
  moves := moves || apply_refunds(array(
    select distinct on (d.refund_id) row(d.refund_id, d.cause)::refund_due
    from (
      select h.refund_id, h.cause, h.position from unnest(known) h where h.agrees and not h.reinstated
      union all
      select w.id, m.cause, null
      from unnest(moves) m
      cross join lateral (select q.reference from payment q where q.id = m.payment_id offset 0) p
      cross join lateral (
        select r.id from refund r
        where r.state = 'waiting' and r.provider = m.provider and r.payment_reference = p.reference offset 0
      ) w
    ) d order by d.refund_id, d.position), at);
  perform publish_refunds(moves, at);
  perform publish_credit_applied(fund_receivables(array(
    select funding_of(person_id => m.person_id, currency => m.currency, order_id => m.order_id, payment_id => m.payment_id, cause => m.cause)
    from unnest(moves) m where m.reinstated and m.person_id is not null), at), at);

  return array(
    select row((told[h.position]).request,
      case when not h.agrees or h.refusal is not null then 'quarantined' when h.news then 'applied' else 'duplicate' end,
      case when not h.agrees then 'REFUND_REUSED' else h.refusal end,
      case when h.agrees then h.refund_id end)::refund_answer
    from (
      select s.*,
        -- The first telling of something that was not known, and that no earlier one has overtaken.
        row_number() over (partition by s.refund_id, s.agrees, s.reinstated order by s.position) = 1
          and case when s.reinstated then s.state <> 'reinstated'
            else s.taken or s.fresh and not coalesce(bool_or(s.reinstated) over (
              partition by s.refund_id, s.agrees order by s.position rows unbounded preceding), false) end as news
      from (
        select g.*, case when not g.reinstated then m.refusal end as refusal,
          coalesce(m.refusal is null and not m.reinstated, false) as taken
        from unnest(known) g left join unnest(moves) m on m.refund_id = g.refund_id
      ) s
    ) h order by h.position);
end $$;
