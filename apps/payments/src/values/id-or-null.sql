-- The UUID that a text is, or null: payments name persons and orders by text, which need not be a UUID.
create or replace function id_or_null(named text) returns uuid language sql immutable as $$
  select case
    when named like '________-____-____-____-____________'
      and length(replace(named, '-', '')) = 32 and rtrim(replace(named, '-', ''), '0123456789abcdefABCDEF') = ''
    then named::uuid
  end
$$;
