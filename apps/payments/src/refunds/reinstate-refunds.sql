create or replace function reinstate_refunds(due refund_due[], at timestamptz) returns refund_move[]
language plpgsql as $$
declare
  given refund_move[];
  postings transfer[];
begin
  given := array(
    select row(r.id, r.provider, r.kind, r.reference, p.id, p.person_id, p.payer_kind, p.payer, p.order_id,
      r.amount_minor, r.currency, true, 0, null, null, d.cause)::refund_move
    from unnest(due) d
    cross join lateral (
      select * from refund w where w.id = d.refund_id and w.state = 'applied' offset 0
    ) r
    cross join lateral (
      select p.id, p.person_id, case when p.person_id is null then 'suspense' else 'person' end as payer_kind,
  coalesce(p.person_id::text, 'unmatched') as payer, id_or_null(p.order_named) as order_id from payment p where p.id = r.payment_id offset 0
    ) p);
  update refund r set state = 'reinstated', reinstated_at = at
  where r.id = any (array(select d.refund_id from unnest(due) d)) and r.state <> 'reinstated';
  if cardinality(given) = 0 then
    return given;
  end if;
  loop
    postings := array(
      select transfer_of(
        source_key => 'reinstate/' || m.refund_id, state => 'posted',
        movement => case m.kind when 'refund' then 'reinstate-refund' else 'reinstate-dispute' end,
        debit_account => (select a.id from account a where a.owner = m.provider and a.kind = 'provider_clearing' and a.currency = m.currency), credit_account => (select a.id from account a where a.owner = m.payer and a.kind = m.payer_kind and a.currency = m.currency),
        amount_minor => m.amount_minor, currency => m.currency, id => uuid_after(m.first_id, m.sequence),
        order_id => m.order_id, payment_id => m.payment_id, correction_of => m.refund_id)
      from (
        select g.*, row_number() over (order by g.refund_id) as sequence, drawn.first_id
        from (select uuid_v7()::text as first_id offset 0) drawn cross join unnest(given) g
      ) m);
    exit when accounts_are_open(postings);
    perform open_accounts(array(
      select account_key_of(kind => m.payer_kind, owner => m.payer, currency => m.currency) from unnest(given) m), at);
  end loop;
  perform ledger_post(postings, at);
  update payment p set refunded_minor = p.refunded_minor - (
      select sum(m.amount_minor) from unnest(given) m where m.payment_id = p.id)
  where p.id = any (array(select m.payment_id from unnest(given) m));
  return array(
  select row(m.refund_id, m.provider, m.kind, m.reference, m.payment_id, m.person_id, m.payer_kind, m.payer, m.order_id,
 m.amount_minor, m.currency, m.reinstated, m.owed_minor, m.refusal,
 case when m.person_id is not null and m.refusal is null then
   (select a.version from account a where a.owner = m.payer and a.kind = 'person' and a.currency = m.currency)
   + 1 - row_number() over (partition by m.person_id, m.currency, m.refusal order by m.refund_id desc) end,
 m.cause)::refund_move
  from unnest(given) m order by m.refund_id);
end $$;
