-- Keeps the payments of these notices that are new and credits them: provider clearing → person, or → suspense while
-- nobody is known for them; posted. Their extras move on. Under the ledger's lock. Returns them with the version of the person's account that
-- each makes: entries are in the order of transfer ids, which are those of the payments, and no other transfer of these
-- accounts comes before them.
create or replace function credit_payments(notices payment_notice[], at timestamptz) returns new_payment[]
language plpgsql as $$
declare
  created new_payment[] := create_payments(notices, at);
  credited new_payment[];
  postings transfer[];
begin
  if created = '{}' then
    return created;
  end if;
  loop
    credited := with_accounts(created);
    postings := array(
      select transfer_of(
        source_key => null, movement => 'register-payment', state => 'posted',
        debit_account => p.clearing_account, credit_account => p.payee_account,
        amount_minor => p.amount_minor, currency => p.currency, id => p.payment_id,
        order_id => p.order_id, payment_id => p.payment_id)
      from unnest(credited) p);
    exit when accounts_are_open(postings);
    perform open_accounts(array(
      select account_key_of(kind => 'provider_clearing', owner => p.provider, currency => p.currency)
      from unnest(created) p
      union all
      select account_key_of(kind => p.payee_kind, owner => p.payee, currency => p.currency)
      from unnest(created) p), at);
  end loop;
  perform ledger_post(postings, at);
  perform collect_extras(credited, at);
  return credited;
end $$;
