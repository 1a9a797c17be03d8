-- Moves the extras of payments that were credited a moment ago to their accounts: person → tax, shipping or tip, or
-- suspense →; posted. Under the ledger's lock, before anything is funded. Most sets have none.
create or replace function collect_extras(credited new_payment[], at timestamptz) returns void language plpgsql as $$
declare
  extras payment_extra[];
  postings transfer[];
begin
  if not exists (select from unnest(credited) c where c.extras_minor > 0) then
    return;
  end if;
  extras := array(
    select row(c.payment_id, e.kind, e.amount_minor, 0, at)::payment_extra
    from unnest(credited) c
    cross join lateral (values ('tax', c.tax_minor), ('shipping', c.shipping_minor), ('tip', c.tip_minor))
      e (kind, amount_minor)
    where e.amount_minor > 0);
  insert into payment_extra select e.* from unnest(extras) e;
  loop
    postings := array(
      select transfer_of(
        source_key => 'collect-' || e.kind || '/' || e.payment_id, state => 'posted',
        movement => case e.kind when 'tax' then 'collect-tax' when 'tip' then 'collect-tip' else 'collect-shipping' end,
        debit_account => c.payee_account,
        credit_account => (select a.id from account a
          where a.owner = 'collected' and a.kind = e.kind and a.currency = c.currency),
        amount_minor => e.amount_minor, currency => c.currency, id => uuid_v7(),
        order_id => c.order_id, payment_id => e.payment_id)
      from unnest(extras) e join unnest(credited) c on c.payment_id = e.payment_id);
    exit when accounts_are_open(postings);
    perform open_accounts(array(
      select account_key_of(kind => e.kind, owner => 'collected', currency => c.currency)
      from unnest(extras) e join unnest(credited) c on c.payment_id = e.payment_id), at);
  end loop;
  perform ledger_post(postings, at);
end $$;
