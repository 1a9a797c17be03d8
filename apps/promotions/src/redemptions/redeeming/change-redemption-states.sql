-- Changes the state of redemptions: held → redeemed, released or lapsed; redeemed → reversed. A redemption in another
-- state stays as it is and is not in the result, and neither is a pinned hold that would lapse. A reversal gives the
-- slot back unless the give-back rule of the code for its reason says otherwise. Locks the codes, then the redemptions,
-- each in the order of ids. The plan is set as in admit_redemptions.
create or replace function change_redemption_states(changes state_change[], at timestamptz)
returns table (
  "position" integer, redemption_id uuid, code_id uuid, code text, kind text, person_id uuid, offer_id text,
  order_id uuid, conversion_id text, benefit_minor bigint, currency text, keeps_slot boolean)
language plpgsql
set plan_cache_mode = force_generic_plan set jit = off set enable_seqscan = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  ids uuid[] := array(select m.redemption_id from unnest(changes) m);
  changed redemption[];
  counted counter_change[];
begin
  perform from promo_code p
  where p.id = any (array(select u.code_id from redemption u where u.id = any (ids))) order by p.id for update;
  -- pin_holds locks redemptions without their codes.
  perform from redemption u where u.id = any (ids) order by u.id for update;

  with updated as (
    update redemption u set
      state = m.state,
      keeps_slot = case m.state
        when 'redeemed' then true
        when 'reversed' then not coalesce((p.give_back ->> m.reason)::boolean, true)
        else false end,
      lapses_at = case when m.state = 'lapsed' then u.lapses_at end,
      redeemed_at = case when m.state = 'redeemed' then at else u.redeemed_at end,
      ended_at = case when m.state <> 'redeemed' then at end,
      end_reason = case when m.state <> 'redeemed' then m.reason end
    from (select distinct on (n.redemption_id) n.* from unnest(changes) n order by n.redemption_id, n.position) m
    join redemption v on v.id = m.redemption_id
    join promo_code p on p.id = v.code_id
    where v.id = any (ids) and u.id = any (ids) and u.id = m.redemption_id
      and case m.state when 'reversed' then u.state = 'redeemed' else u.state = 'held' end
      and (m.state <> 'lapsed' or u.lapses_at <= at)
    returning u as redemption
  )
  select coalesce(array_agg(u.redemption), '{}') into changed from updated u;

  counted := array(select c from counters_after_state_changes(changes, changed) c);
  perform count_redemptions(counted, at);
  perform write_reversal_receipts(counted, changed, at);

  return query
  select c.position, u.id, u.code_id, p.code, p.kind, u.person_id, u.offer_id, u.order_id, u.conversion_id,
    u.benefit_minor, u.currency, u.keeps_slot
  from unnest(counted) c join unnest(changed) u on u.id = c.redemption_id join promo_code p on p.id = u.code_id
  order by c.position;
end $$;
