-- Whether both accounts of each transfer were found. A movement that misses one opens its accounts and begins again.
create or replace function accounts_are_open(postings transfer[]) returns boolean language plpgsql as $$
begin
  return not exists (select from unnest(postings) p where p.debit_account is null or p.credit_account is null);
end $$;
