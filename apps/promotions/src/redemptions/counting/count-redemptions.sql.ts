import { promoCodeDeactivated } from '#contracts/promo-redemptions.js';

/**
 * Applies changes to the codes, whose locks the caller holds. The guard is the statement's own: it changes no row
 * that would pass its limit, and then fails as a whole. The same statement that takes the last use deactivates the
 * code, and the one that gives back a use of a code that was deactivated so opens it again.
 */
export const countRedemptionsSql = `create or replace function count_uses(changes use_change[], at timestamptz) returns void language plpgsql as $$
   #variable_conflict use_column
   declare
     counted counted_code[];
     codes integer;
   begin
     select count(distinct c.code_id) into codes from unnest(changes) c;
     if codes = 0 then
       return;
     end if;

     with delta as (
       select c.code_id, sum(c.used) as used, sum(c.held) as held, sum(c.given_minor) as given_minor,
         sum(c.held_minor) as held_minor, count(c.entry) as entries, max(c.place) as last_place
       from unnest(changes) c group by c.code_id
     ), updated as (
       update promo_code p set
         used = p.used + d.used,
         held = p.held + d.held,
         given_minor = p.given_minor + d.given_minor,
         held_minor = p.held_minor + d.held_minor,
         last_entry = p.last_entry + d.entries,
         first_used_at = coalesce(p.first_used_at, at),
         status = case
           when p.status = 'active' and p.auto_deactivate_on_max_uses and p.used + d.used >= p.max_uses then 'expired'
           when p.status = 'expired' and p.auto_deactivated_at is not null and p.used + d.used < p.max_uses then 'active'
           else p.status end,
         auto_deactivated_at = case
           when p.status = 'active' and p.auto_deactivate_on_max_uses and p.used + d.used >= p.max_uses then at
           when p.status = 'expired' and p.used + d.used < p.max_uses then null
           else p.auto_deactivated_at end,
         -- What was announced was another time that it was deactivated.
         deactivation_announced_at = case
           when p.status = 'active' and p.auto_deactivate_on_max_uses and p.used + d.used >= p.max_uses then null
           when p.status = 'expired' and p.used + d.used < p.max_uses then null
           else p.deactivation_announced_at end
       from delta d
       where p.id = d.code_id
         and (p.max_uses is null or p.used + p.held + d.used + d.held <= p.max_uses)
         and (p.budget_minor is null
           or p.given_minor + p.held_minor + d.given_minor + d.held_minor <= p.budget_minor)
       returning p.id, p.code, p.kind, p.used, p.max_uses, p.last_entry - d.entries as entries_before, d.last_place,
         d.used > 0 and p.status = 'expired' and p.auto_deactivated_at is not null as deactivated
     ), told as (
       insert into outbox (type, subject, data, traceparent, correlation_id, causation_id)
       select '${promoCodeDeactivated.type}', u.id::text, json_build_object(
           'code_id', u.id, 'code', u.code, 'reason', 'max_uses_reached', 'used', u.used, 'max_uses', u.max_uses,
           'deactivated_at', to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')),
         c.traceparent, c.correlation_id, c.causation_id
       from updated u join unnest(changes) c on c.code_id = u.id and c.place = u.last_place
       where u.deactivated
     )
     select array_agg(row(u.id, u.kind, u.entries_before)::counted_code) into counted from updated u;

     if coalesce(cardinality(counted), 0) <> codes then
       raise exception 'a limit would have been passed' using errcode = 'integrity_constraint_violation';
     end if;

     insert into promo_entry (code_id, entry_no, kind, use_id, person_id, offer_id, benefit_kind, benefit_minor, currency,
       revenue_minor, conversion_id, order_id, applied_at, at)
     select c.code_id, k.entries_before + row_number() over (partition by c.code_id order by c.place), c.entry, c.use_id,
       c.person_id, c.offer_id, k.kind, c.benefit_minor, c.currency, c.revenue_minor, c.conversion_id, c.order_id,
       c.applied_at, at
     from unnest(changes) c join unnest(counted) k on k.id = c.code_id
     where c.entry is not null;

     -- New slots are written or added; one that is given back is there.
     insert into promo_code_person_use as u (code_id, person_id, uses)
     select c.code_id, c.person_id, sum(c.slots) from unnest(changes) c
     group by c.code_id, c.person_id having sum(c.slots) > 0
     on conflict (code_id, person_id) do update set uses = u.uses + excluded.uses;

     insert into promo_code_offer_use as u (code_id, offer_id, uses)
     select c.code_id, c.offer_id, sum(c.offer_slots) from unnest(changes) c where c.offer_id is not null
     group by c.code_id, c.offer_id having sum(c.offer_slots) > 0
     on conflict (code_id, offer_id) do update set uses = u.uses + excluded.uses;

     if exists (select from unnest(changes) c where c.slots < 0) then
       update promo_code_person_use u set uses = u.uses + d.slots
       from (
         select c.code_id, c.person_id, sum(c.slots) as slots from unnest(changes) c
         group by c.code_id, c.person_id having sum(c.slots) < 0
       ) d where u.code_id = d.code_id and u.person_id = d.person_id;

       update promo_code_offer_use u set uses = u.uses + d.slots
       from (
         select c.code_id, c.offer_id, sum(c.offer_slots) as slots from unnest(changes) c where c.offer_id is not null
         group by c.code_id, c.offer_id having sum(c.offer_slots) < 0
       ) d where u.code_id = d.code_id and u.offer_id = d.offer_id;
     end if;
   end $$`;
