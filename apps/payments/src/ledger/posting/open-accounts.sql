-- Opens those of the `wanted` accounts that are not open yet. Under the ledger's lock.
create or replace function open_accounts(wanted account_key[], at timestamptz) returns void language sql as $$
  insert into account (kind, owner, currency, opened_at)
  select distinct w.kind, w.owner, w.currency, at from unnest(wanted) w order by w.kind, w.owner, w.currency
  on conflict do nothing
$$;
