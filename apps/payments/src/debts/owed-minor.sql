-- What a person owes us, of an account of the kind `debt`. Reads as a column: `a.owed_minor`.
create or replace function owed_minor(a account) returns bigint language sql immutable as $$
  select a.debits_posted - a.credits_posted
$$;
