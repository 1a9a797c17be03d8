-- Reverses bonuses: person → promotion expense, posted, up to what the person can spend; what is reserved for an order
-- stays. The rest of a bonus stays an expense. Takes the ledger's lock. A bonus that is reversed before it was earned
-- is kept as reversed, so that its earning moves nothing later.
-- Returns whether each event agrees with the bonus that has its id.
-- `due`: bonuses to be reversed; those of one person share the person's balance, each after the ones `before` it.
create or replace function reverse_bonuses(reversed bonus_event[], at timestamptz)
returns table (bonus_id uuid, agrees boolean)
language plpgsql
set plan_cache_mode = force_generic_plan set jit = off set enable_seqscan = off set enable_mergejoin = off
set enable_nestloop = off set enable_hashjoin = on
as $$
declare
  taken bonus[];
begin
  perform ledger_lock();
  insert into bonus (id, person_id, amount_minor, currency, reversed_at, reason)
  select e.bonus_id, e.person_id, e.amount_minor, e.currency, at, e.reason from unnest(reversed) e order by e.position
  on conflict (id) do nothing;
  with due as (
    select b.id, b.amount_minor,
      (select a.available_minor from account a
        where a.owner = b.person_id::text and a.kind = 'person' and a.currency = b.currency) as available,
      sum(b.amount_minor) over (
        partition by b.person_id, b.currency order by b.id rows unbounded preceding
      ) - b.amount_minor as before
    from bonus b
    where b.id = any (array(select e.bonus_id from unnest(reversed) e)) and b.reversed_at is null
  ), changed as (
    update bonus b set reversed_at = at,
      reason = (select e.reason from unnest(reversed) e where e.bonus_id = b.id limit 1),
      reversed_minor = (
        select greatest(0, least(d.amount_minor, d.available - d.before)) from due d where d.id = b.id)
    where b.id = any (array(select d.id from due d))
    returning b as bonus
  )
  select coalesce(array_agg(c.bonus) filter (where (c.bonus).reversed_minor > 0), '{}') into taken from changed c;
  if taken <> '{}' then
    perform ledger_post(array(
      select transfer_of(
        source_key => 'bonus-reversal/' || t.id, movement => 'reverse-bonus', state => 'posted',
        debit_account => (select a.id from account a
          where a.owner = t.person_id::text and a.kind = 'person' and a.currency = t.currency),
        credit_account => (select a.id from account a
          where a.owner = 'bonuses' and a.kind = 'promotion_expense' and a.currency = t.currency),
        amount_minor => t.reversed_minor, currency => t.currency, id => uuid_v7(), correction_of => t.id)
      from unnest(taken) t), at);
  end if;
  return query select * from bonuses_agree(reversed);
end $$;
