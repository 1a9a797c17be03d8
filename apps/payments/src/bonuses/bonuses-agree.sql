-- Of each bonus, whether the event says the same person, amount and currency as the first event of that bonus.
create or replace function bonuses_agree(events bonus_event[]) returns table (bonus_id uuid, agrees boolean)
language sql stable as $$
  select e.bonus_id, (e.person_id, e.amount_minor, e.currency) = (
    select b.person_id, b.amount_minor, b.currency from bonus b where b.id = e.bonus_id)
  from unnest(events) e
$$;
