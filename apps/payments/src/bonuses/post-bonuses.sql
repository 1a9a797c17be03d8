-- Posts the transfers of bonuses that were granted: promotion expense → person. Under the ledger's lock.
create or replace function post_bonuses(granted bonus[], at timestamptz) returns void language plpgsql as $$
declare
  postings transfer[];
begin
  loop
    postings := array(
      select transfer_of(
        source_key => 'bonus/' || g.id, movement => 'grant-bonus', state => 'posted',
        debit_account => (select a.id from account a
          where a.owner = 'bonuses' and a.kind = 'promotion_expense' and a.currency = g.currency),
        credit_account => (select a.id from account a
          where a.owner = g.person_id::text and a.kind = 'person' and a.currency = g.currency),
        amount_minor => g.amount_minor, currency => g.currency, id => g.id)
      from unnest(granted) g);
    exit when accounts_are_open(postings);
    perform open_accounts(array(
      select account_key_of(kind => 'promotion_expense', owner => 'bonuses', currency => g.currency)
      from unnest(granted) g
      union all
      select account_key_of(kind => 'person', owner => g.person_id::text, currency => g.currency)
      from unnest(granted) g), at);
  end loop;
  perform ledger_post(postings, at);
end $$;
