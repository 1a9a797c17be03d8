-- Repays what these persons owe us from what they can spend: person → debt, posted. Under the ledger's lock.
-- fund_receivables calls it before it reserves anything, so that nobody who owes has a spendable balance.
create or replace function repay_debts(fundings funding[], at timestamptz) returns void language plpgsql as $$
declare
  postings transfer[];
begin
  postings := array(
    select transfer_of(
      source_key => 'repay/' || r.id, movement => 'repay-debt', state => 'posted',
      debit_account => r.person_account, credit_account => r.debt_account,
      amount_minor => r.amount_minor, currency => r.currency, id => r.id)
    from (
      select uuid_v7() as id, f.currency, p.id as person_account, d.id as debt_account,
        least(p.available, d.owed) as amount_minor
      from (select distinct person_id, currency from unnest(fundings)) f
      cross join lateral (
        select a.id, a.owed_minor as owed from account a
        where a.owner = f.person_id::text and a.kind = 'debt' and a.currency = f.currency offset 0
      ) d
      cross join lateral (
        select a.id, a.available_minor as available from account a
        where a.owner = f.person_id::text and a.kind = 'person' and a.currency = f.currency offset 0
      ) p
      where p.available > 0 and d.owed > 0
      offset 0
    ) r);
  if cardinality(postings) > 0 then
    perform ledger_post(postings, at);
  end if;
end $$;
