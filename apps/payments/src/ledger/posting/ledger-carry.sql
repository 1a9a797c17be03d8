-- Carries transfers, as they now are, into balances and entries: pending sums while a transfer is pending, posted sums
-- and versions once it is posted. Each posted transfer gets two entries, with gapless versions and running balances, in
-- the order of transfer ids. Each account is updated once, however many transfers touch it.
-- Only ledger_post and ledger_resolve call it. `was_pending`: the transfers were pending before.
--
-- `leg`: a transfer as one of its two accounts sees it. `change`: the sums of an account's legs.
create or replace function ledger_carry(moved transfer[], was_pending boolean, at timestamptz) returns void
language plpgsql as $$
declare
  accounts_changed bigint;
  accounts_updated bigint;
begin
  with leg as (
    select t.debit_account as account_id, t.currency, t.id, t.amount_minor as debit, 0::bigint as credit,
      (t.state = 'posted')::int as posted, (t.state = 'pending')::int - was_pending::int as pending
    from unnest(moved) t
    union all
    select t.credit_account, t.currency, t.id, 0, t.amount_minor,
      (t.state = 'posted')::int, (t.state = 'pending')::int - was_pending::int
    from unnest(moved) t
  ), change as (
    select account_id, currency,
      sum(debit * posted)::bigint as debits_posted, sum(credit * posted)::bigint as credits_posted,
      sum(debit * pending)::bigint as debits_pending, sum(credit * pending)::bigint as credits_pending,
      sum(posted) as entries
    from leg group by account_id, currency
  ), updated as (
    update account a set
      debits_posted = a.debits_posted + c.debits_posted, credits_posted = a.credits_posted + c.credits_posted,
      debits_pending = a.debits_pending + c.debits_pending, credits_pending = a.credits_pending + c.credits_pending,
      version = a.version + c.entries
    from change c
    where a.id = any (array(select account_id from change)) and a.id = c.account_id and a.currency = c.currency
    returning a.id, a.version - c.entries as version_before,
      a.credits_posted - a.debits_posted - c.credits_posted + c.debits_posted as balance_before
  ), entered as (
    insert into entry (account_id, version, amount_minor, balance_after_minor, transfer_id, posted_at)
    select l.account_id, u.version_before + row_number() over so_far, l.credit - l.debit,
      u.balance_before + (sum(l.credit - l.debit) over so_far)::bigint, l.id, at
    from leg l join updated u on u.id = l.account_id
    where l.posted = 1
    window so_far as (partition by l.account_id order by l.id rows unbounded preceding)
  )
  select (select count(*) from change), (select count(*) from updated) into accounts_changed, accounts_updated;
  if accounts_updated <> accounts_changed then
    raise exception 'ledger: a transfer names an account that does not exist in its currency'
      using errcode = 'foreign_key_violation';
  end if;
end $$;
