import { setPlans } from '../admitting/set-plans.js';

/**
 * Moves uses on: held → redeemed, released or lapsed; redeemed → reversed. One that is not where it would have to
 * come from stays, and is not among those answered; a hold that was pinned does not lapse. A reversal gives the slot
 * back unless the code's rule for its reason says otherwise.
 */
export const moveRedemptionsSql = `create or replace function move_uses(moves use_move[], at timestamptz)
   returns table (
     place integer, use_id uuid, code_id uuid, code text, kind text, person_id uuid, offer_id text, order_id uuid,
     conversion_id text, benefit_minor bigint, currency text, keeps_slot boolean)
   language plpgsql ${setPlans} as $$
   #variable_conflict use_column
   declare
     moved promo_use[];
     changes use_change[];
   begin
     perform from promo_code p
     where p.id = any (array(select u.code_id from promo_use u where u.id = any (array(select m.use_id from unnest(moves) m))))
     order by p.id for update;
     -- Those who pin holds take no code's lock; like them, in the order of ids.
     perform from promo_use u where u.id = any (array(select m.use_id from unnest(moves) m)) order by u.id for update;

     with updated as (
       update promo_use u set
         state = m.state,
         keeps_slot = case m.state
           when 'redeemed' then true
           when 'reversed' then not coalesce((p.give_back ->> m.reason)::boolean, true)
           else false end,
         lapses_at = case when m.state = 'lapsed' then u.lapses_at end,
         redeemed_at = case when m.state = 'redeemed' then at else u.redeemed_at end,
         ended_at = case when m.state <> 'redeemed' then at end,
         end_reason = case when m.state <> 'redeemed' then m.reason end
       from (select distinct on (n.use_id) n.* from unnest(moves) n order by n.use_id, n.place) m
       join promo_use v on v.id = m.use_id
       join promo_code p on p.id = v.code_id
       where v.id = any (array(select n.use_id from unnest(moves) n))
         and u.id = any (array(select n.use_id from unnest(moves) n)) and u.id = m.use_id
         and case m.state when 'reversed' then u.state = 'redeemed' else u.state = 'held' end
         and (m.state <> 'lapsed' or u.lapses_at <= at)
       returning u.*
     )
     select coalesce(array_agg(row(u.*)::promo_use), '{}') into moved from updated u;

     changes := array(
       select row(m.place, u.id, u.code_id, u.person_id, u.offer_id,
         case when u.state = 'redeemed' then 1 when u.state = 'reversed' and not u.keeps_slot then -1 else 0 end,
         case when u.state = 'reversed' then 0 else -1 end,
         case when u.state = 'redeemed' then u.benefit_minor
           when u.state = 'reversed' and not u.keeps_slot then -u.benefit_minor else 0 end,
         case when u.state = 'reversed' then 0 else -u.benefit_minor end,
         u.keeps_slot::integer - 1, u.keeps_slot::integer - 1,
         case when u.state in ('redeemed', 'reversed') then u.state end, u.benefit_minor, u.currency,
         coalesce(m.revenue_minor, 0), u.conversion_id, u.order_id, u.applied_at,
         m.traceparent, m.correlation_id, m.causation_id)::use_change
       from unnest(moved) u
       join (select distinct on (n.use_id) n.* from unnest(moves) n order by n.use_id, n.place) m on m.use_id = u.id);
     perform count_uses(changes, at);

     insert into decision_receipt (code_id, code, person_id, offer_id, what, allowed, reason, trace,
       used_before, used_after, held_before, held_after, given_before, given_after, at)
     select c.code_id, p.code, c.person_id, c.offer_id, 'reverse', true, u.end_reason,
       jsonb_build_array(jsonb_build_object('rule', 'give_back', 'ok', true,
         'saw', case when u.keeps_slot then 'the slot stays taken' else 'the slot is free again' end)),
       p.used - s.used, p.used - s.used + c.used, p.held, p.held,
       p.given_minor + p.held_minor - s.given, p.given_minor + p.held_minor - s.given + c.given_minor, at
     from unnest(changes) c
     join unnest(moved) u on u.id = c.use_id
     join promo_code p on p.id = c.code_id
     cross join lateral (
       -- This change and those of the same code after it.
       select sum(d.used) as used, sum(d.given_minor) as given from unnest(changes) d
       where d.code_id = c.code_id and d.place >= c.place
     ) s
     where u.state = 'reversed' order by c.place;

     return query
     select c.place, u.id, u.code_id, p.code, p.kind, u.person_id, u.offer_id, u.order_id, u.conversion_id,
       u.benefit_minor, u.currency, u.keeps_slot
     from unnest(changes) c join unnest(moved) u on u.id = c.use_id join promo_code p on p.id = u.code_id
     order by c.place;
   end $$`;
