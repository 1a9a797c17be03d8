-- The key of an account, by named arguments.
create or replace function account_key_of(kind text, owner text, currency text) returns account_key
language sql immutable as $$
  select row(kind, owner, currency)::account_key
$$;
