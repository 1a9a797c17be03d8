-- The entry of a transfer in one of its accounts. Versions follow the movements and their instants nearly do, so a binary
-- search finds the place; the clocks of several instances may disagree, so the entries around it are searched.
create or replace function entry_of(account bigint, transfer uuid, posted timestamptz) returns entry
language plpgsql stable as $$
declare
  low bigint := 1;
  high bigint;
  middle bigint;
  sought entry;
begin
  select a.version into high from account a where a.id = account;
  while low < high loop
    middle := (low + high) / 2;
    if (select e.posted_at from entry e where e.account_id = account and e.version = middle)
      < posted - interval '5 seconds'
    then low := middle + 1;
    else high := middle;
    end if;
  end loop;
  select e.* into sought from entry e
  where e.account_id = account and e.version >= low and e.transfer_id = transfer order by e.version limit 1;
  if sought.version is null then
    select e.* into sought from entry e
    where e.account_id = account and e.version < low and e.transfer_id = transfer order by e.version desc limit 1;
  end if;
  return sought;
end $$;
