-- Posts the reservations of these orders, pending, and marks their receivables as reserved. Under the ledger's lock.
-- fund_receivables has found that the persons' money covers them, but for what is written off: that is posted to the
-- person beside the reservation of the whole amount.
create or replace function reserve_orders(funded funded_order[], at timestamptz) returns void language plpgsql as $$
declare
  postings transfer[];
begin
  loop
    postings := array(
      select transfer_of(
        source_key => 'reserve/' || f.order_id, movement => 'reserve', state => 'pending',
        debit_account => (select a.id from account a
          where a.owner = f.person_id::text and a.kind = 'person' and a.currency = f.currency),
        credit_account => (select a.id from account a
          where a.owner = f.class_id::text and a.kind = 'class' and a.currency = f.currency),
        amount_minor => f.amount_minor, currency => f.currency, id => f.transfer_id,
        order_id => f.order_id, payment_id => f.payment_id)
      from unnest(funded) f
      union all
      select transfer_of(
        source_key => 'write-off/' || f.order_id, movement => 'write-off', state => 'posted',
        debit_account => (select a.id from account a
          where a.owner = 'shortfalls' and a.kind = 'write_off' and a.currency = f.currency),
        credit_account => (select a.id from account a
          where a.owner = f.person_id::text and a.kind = 'person' and a.currency = f.currency),
        amount_minor => f.written_off_minor, currency => f.currency, id => uuid_v7(),
        order_id => f.order_id, payment_id => f.payment_id)
      from unnest(funded) f where f.written_off_minor > 0);
    exit when accounts_are_open(postings);
    perform open_accounts(array(
      select account_key_of(kind => 'class', owner => f.class_id::text, currency => f.currency)
      from unnest(funded) f
      union all
      select account_key_of(kind => 'write_off', owner => 'shortfalls', currency => f.currency)
      from unnest(funded) f where f.written_off_minor > 0), at);
  end loop;
  perform ledger_post(postings, at);
  update receivable set state = 'reserved' where order_id = any (array(select f.order_id from unnest(funded) f));
end $$;
