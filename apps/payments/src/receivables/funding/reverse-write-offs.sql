-- Takes back what was written off for these orders, which ended: person → write_off, posted. Their reservations were voided, so the persons have it. Most orders have none. Under the ledger's lock.
create or replace function reverse_write_offs(orders uuid[], at timestamptz) returns void language plpgsql as $$
declare
  postings transfer[];
begin
  postings := array(
    select transfer_of(
      source_key => 'reverse-' || w.source_key, movement => 'reverse-write-off', state => 'posted',
      debit_account => w.credit_account, credit_account => w.debit_account, amount_minor => w.amount_minor,
      currency => w.currency, id => uuid_v7(), order_id => w.order_id, payment_id => w.payment_id, correction_of => w.id)
    from transfer w where w.source_key = any (array(select 'write-off/' || o from unnest(orders) o)));
  if postings <> '{}' then
    perform ledger_post(postings, at);
  end if;
end $$;
