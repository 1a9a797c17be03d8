-- The spendable balance of an account: its posted balance less what is reserved. Reads as a column: `a.available_minor`.
create or replace function available_minor(a account) returns bigint language sql immutable as $$
  select a.credits_posted - a.debits_posted - a.debits_pending
$$;
