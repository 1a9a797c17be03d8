create or replace function note_refunds(moves refund_move[]) returns void
language plpgsql as $$
begin
  with turned as (
    -- Locked in the order in which dismissals lock them.
    select w.id, m.refusal
    from unnest(moves) m
    join webhook_request w on w.refund_id = m.refund_id
      and w.verdict = case when m.refusal is null then 'quarantined' else 'applied' end
    where w.refund_id = any (array(select n.refund_id from unnest(moves) n))
    order by w.id for update of w
  )
  update webhook_request w set verdict = case when t.refusal is null then 'applied' else 'quarantined' end,
    -- Whoever dismissed it reads on why it was quarantined.
    reason = case when w.dismissed_at is null then t.refusal else w.reason end
  from turned t
  where w.id = any (array(select u.id from turned u)) and w.id = t.id;
end $$;
