-- An instant as events carry it: RFC 3339 in UTC, with microseconds.
create or replace function wire_time(at timestamptz) returns text language sql stable as $$
  select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;
