create or replace function publish_refunds(moves refund_move[], at timestamptz) returns void
language plpgsql as $$
declare
  returned_at text := wire_time(at);
begin
  if cardinality(moves) = 0 then
    return;
  end if;
  -- When something is owed, the orders that have to give way: reservations of money that this payment brought, or
  -- that was on the account already, the newest first, until what they free covers what the person owes in all. What
  -- another payment paid for stays.
  insert into outbox (type, subject, data, traceparent, correlation_id, causation_id)
  select case t.kind when 'refund' then 'payments.payment-refunded.v1' else 'payments.payment-disputed.v1' end,
    t.payment_id::text, row_to_json((select data from (select
      t.refund_id as return_id, t.reference, t.payment_id, t.provider, t.person_id, t.amount_minor, t.currency,
      case when t.reinstated then 'given_back' else 'taken' end as state,
      case when t.reinstated then 0 else t.amount_minor - t.owed_minor end as covered_minor, t.owed_minor,
      t.account_version, t.orders, returned_at) data)),
    (t.cause).traceparent, (t.cause).correlation_id, (t.cause).causation_id
  from (
    select m.*, case when m.owed_minor > 0 then coalesce((
      select json_agg(json_build_object(
        'order_id', o.order_id, 'amount_minor', o.amount_minor, 'transfer_id', o.id) order by o.before)
      from (
        select r.id, r.order_id, r.amount_minor,
          sum(r.amount_minor) over (order by (r.payment_id is null), r.created_at desc, r.id desc
            rows unbounded preceding) - r.amount_minor as before
        from transfer r
        where r.debit_account = (select a.id from account a where a.owner = m.payer and a.kind = m.payer_kind and a.currency = m.currency) and r.movement = 'reserve' and r.state = 'pending'
          and (r.payment_id = m.payment_id or r.payment_id is null)
      ) o
      where o.before < (
        select debits_posted - credits_posted from account c
        where c.owner = m.payer and c.kind = 'debt' and c.currency = m.currency)
    ), '[]') else '[]' end as orders
    from unnest(moves) with ordinality
      m (refund_id, provider, kind, reference, payment_id, person_id, payer_kind, payer, order_id, amount_minor,
        currency, reinstated, owed_minor, refusal, account_version, cause, position)
    where m.refusal is null
  ) t
  order by t.position;
end $$;
