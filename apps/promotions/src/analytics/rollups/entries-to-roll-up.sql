-- The next entries of each code: those after its watermark, at most entries_max. Entries have no gaps, and all up to
-- promo_code.last_entry are committed.
create or replace function entries_to_roll_up(codes uuid[], entries_max integer)
returns setof entry_range language sql stable as $$
  select p.id as code_id, w.entry_no as after_entry, least(p.last_entry, w.entry_no + entries_max) as last_entry
  from rollup_watermark w join promo_code p on p.id = w.code_id
  where w.code_id = any (codes) and p.last_entry > w.entry_no
$$;
