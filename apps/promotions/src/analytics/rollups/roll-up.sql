-- Adds the next entries of some codes to the rollups, at most entries_max of each, and returns their number. Two calls
-- at once run one after the other: the second waits for the watermarks and reads them moved.
-- New entries concern few persons, which are reached by index; no statistics say so to the planner.
create or replace function roll_up(codes uuid[], entries_max integer) returns bigint
language plpgsql set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  ranges entry_range[];
begin
  insert into rollup_watermark (code_id, entry_no)
  select code_id, 0 from unnest(codes) as code (code_id) order by code_id
  on conflict do nothing;
  perform from rollup_watermark where code_id = any (codes) order by code_id for update;

  ranges := array(select r from entries_to_roll_up(codes, entries_max) r);
  perform roll_up_sums(ranges);
  perform roll_up_visits(ranges);

  update rollup_watermark as watermark set entry_no = r.last_entry
  from unnest(ranges) r where watermark.code_id = r.code_id;
  return (select coalesce(sum(r.last_entry - r.after_entry), 0) from unnest(ranges) r);
end $$;
