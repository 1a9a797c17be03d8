import { promoCodeDeactivated } from '#contracts/promo-uses.js';

/**
 * The functions that change what is counted of uses. `admit_uses` and `move_uses` take the locks of their codes first,
 * in the order of the codes' ids, and do the rest under them, `count_uses` for both: so nothing is counted twice or
 * missed, nobody deadlocks over codes, entry numbers are gapless, and whatever the number of instances, a limit holds
 * exactly. A transaction of several calls takes all of its locks before (`lockCodes`). Beside them only records of the
 * former system are counted, under the same locks (`records.store.ts`).
 */

/*
 * The planner cannot know how many rows an array will have, nor how a table will have grown by the time a cached plan
 * runs, so the choice is made here: tables are reached through their indexes. To a planner who believes a table empty
 * any index is as good as the right one, so rows are asked for by keys of theirs alone: a condition beside them, as
 * `state = 'held'`, would invite the index of all that is held of a code.
 */
const setPlans = `set plan_cache_mode = force_generic_plan set jit = off set enable_seqscan = off set enable_mergejoin = off`;

export const admissionTypes = [
  /*
   * One use that is wished for: the `Wish` of uses.store.ts, field by field. `place` counts the wishes from 1; those of
   * one `party` stand side by side. `what` is its `moment`, under the name that receipts have for it.
   */
  `create type use_wish as (
     place integer, party integer, what text, code_id uuid, code text, version integer, receipt_id uuid, use_id uuid,
     takes uuid,
     person_id uuid, offer_id text, order_id uuid, conversion_id text, benefit_minor bigint, currency text,
     price_minor bigint, revenue_minor bigint, held boolean, counted boolean, lapses_at timestamptz, applied_at timestamptz,
     explanation text, refused text, local_time text, timezone text, trace jsonb,
     traceparent text, correlation_id text, causation_id text)`,

  /* What one use changes of the counters, and the entry that it makes, if any. */
  `create type use_change as (
     place integer, use_id uuid, code_id uuid, person_id uuid, offer_id text,
     used integer, held integer, given_minor bigint, held_minor bigint, slots integer, offer_slots integer,
     entry text, benefit_minor bigint, currency text, revenue_minor bigint, conversion_id text, order_id uuid,
     applied_at timestamptz, traceparent text, correlation_id text, causation_id text)`,

  /* A use on its way: redeemed, released, lapsed or reversed, and why. */
  `create type use_move as (
     place integer, use_id uuid, state text, reason text, revenue_minor bigint,
     traceparent text, correlation_id text, causation_id text)`,

  `create type seen_counters as (used bigint, held bigint, given bigint, person bigint, offer bigint)`,

  `create type counted_code as (id uuid, kind text, entries_before bigint)`,
];

export const admissionFunctions = [
  /*
   * Applies changes to the codes, whose locks the caller holds. The guard is the statement's own: it changes no row
   * that would pass its limit, and then fails as a whole. The same statement that takes the last use deactivates the
   * code, and the one that gives back a use of a code that was deactivated so opens it again.
   */
  `create or replace function count_uses(changes use_change[], at timestamptz) returns void language plpgsql as $$
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
   end $$`,

  /*
   * Decides wishes against the counters, exactly as if they came one after the other, in the order of their places. The
   * verdict is null for one that was admitted; else REPEATED (its order or conversion has a use of the code already),
   * CHANGED (the rules were edited since: decide anew), WITH_ANOTHER (another of its party was refused), or what
   * refused it.
   *
   * 1 load     locks the codes and reads their counters into arrays: a place for each code, for each person of a code
   *            and for each offer of a code. A wish finds its own by `c`, `p` and `o`.
   * 2 walk     through the wishes: each is decided by the arrays, and what it takes is counted in them for the next.
   * 3 undo     when one of a party is refused: what those of it that came before had taken in the arrays.
   * 4 uses     rows of what was admitted: new ones, or a held one that is redeemed in place of taking another slot.
   * 5 count    `count_uses` brings the codes' rows and entries to where the arrays are.
   * 6 receipts of every decision that stands, with the counters as they were before it.
   */
  `create or replace function admit_uses(wishes use_wish[], at timestamptz)
   returns table (place integer, verdict text, use_id uuid)
   language plpgsql ${setPlans} as $$
   #variable_conflict use_column
   declare
     -- Of each code that is locked.
     ids uuid[];
     versions integer[];
     statuses text[];
     used bigint[];
     held bigint[];
     given bigint[];
     max_uses bigint[];
     max_person bigint[];
     max_offer bigint[];
     budgets bigint[];
     -- Slots of each person of a code, and of each offer of a code.
     persons bigint[];
     offers bigint[];
     -- Of each wish: its verdict, and for its receipt the counters that it met; null where the rules refused it.
     verdicts text[] := array_fill(null::text, array[cardinality(wishes)]);
     used_before bigint[] := array_fill(null::bigint, array[cardinality(wishes)]);
     held_before bigint[] := used_before;
     given_before bigint[] := used_before;
     person_before bigint[] := used_before;
     offer_before bigint[] := used_before;
     -- Where each wish's code, person and offer stand in the arrays above, so that a party can be undone.
     code_at integer[] := array_fill(null::integer, array[cardinality(wishes)]);
     person_at integer[] := code_at;
     offer_at integer[] := code_at;
     -- The held use that each wish redeems, if it does.
     taken uuid[] := array_fill(null::uuid, array[cardinality(wishes)]);
     changes use_change[];
     -- The walk: the wish and its place, the party and where it began, and the verdict that broke it.
     w record;
     i integer;
     c integer;
     verdict text;
     party integer := 0;
     party_from integer;
     broken text;
     j integer;
   begin
     -- 1 load
     select array_agg(p.id), array_agg(p.version),
       array_agg(case when p.status = 'expired' and p.auto_deactivated_at is not null then 'used up' else p.status end),
       array_agg(p.used), array_agg(p.held), array_agg(p.given_minor + p.held_minor), array_agg(p.max_uses),
       array_agg(p.max_uses_per_person), array_agg(p.max_uses_per_offer), array_agg(p.budget_minor)
     into ids, versions, statuses, used, held, given, max_uses, max_person, max_offer, budgets
     from (
       select * from promo_code q
       where q.id = any (array(select u.code_id from unnest(wishes) u where u.refused is null))
       order by q.id for update
     ) p;

     persons := array(
       select coalesce((
         select u.uses from promo_code_person_use u where u.code_id = k.code_id and u.person_id = k.person_id), 0)
       from (select distinct n.code_id, n.person_id from unnest(wishes) n) k order by k.code_id, k.person_id);

     offers := array(
       select coalesce((
         select u.uses from promo_code_offer_use u where u.code_id = k.code_id and u.offer_id = k.offer_id), 0)
       from (select distinct n.code_id, n.offer_id from unnest(wishes) n) k order by k.code_id, k.offer_id);

     -- 2 walk
     for w in
       select n.place, n.party, n.what, n.version, n.offer_id, n.benefit_minor, n.held, n.counted, n.refused,
         array_position(ids, n.code_id) as c,
         dense_rank() over (order by n.code_id, n.person_id) as p,
         dense_rank() over (order by n.code_id, n.offer_id) as o,
         (select true from promo_use u where u.order_id = n.order_id and u.code_id = n.code_id
           and u.id is distinct from n.takes)
         or (select true from promo_use u where u.conversion_id = n.conversion_id and u.code_id = n.code_id)
           as repeated,
         (select case when u.state = 'held' then u.id end from promo_use u where u.id = n.takes) as takes
       from unnest(wishes) n order by n.place
     loop
       i := w.place;
       if w.party <> party then
         party := w.party;
         party_from := i;
         broken := null;
       end if;

       verdict := w.refused;
       if broken is not null then
         verdict := case when broken in ('REPEATED', 'CHANGED') then broken else coalesce(verdict, 'WITH_ANOTHER') end;
       elsif w.repeated then
         verdict := 'REPEATED';
       elsif verdict is null then
         c := w.c;
         code_at[i] := c;
         person_at[i] := w.p;
         offer_at[i] := w.o;
         used_before[i] := used[c];
         held_before[i] := held[c];
         given_before[i] := given[c];
         person_before[i] := persons[w.p];
         offer_before[i] := offers[w.o];
         if w.takes is not null and (w.takes = any (taken)) is not true then
           taken[i] := w.takes;
         end if;
         verdict := case
           when versions[c] <> w.version then 'CHANGED'
           when taken[i] is null and statuses[c] = 'used up' then 'PROMO_CODE_USED_UP'
           -- One that was tidied after its time: for a conversion the rules have asked whether it came in time.
           when taken[i] is null and statuses[c] <> 'active' and not (w.what = 'convert' and statuses[c] = 'expired')
             then 'PROMO_CODE_NOT_ACTIVE'
           when taken[i] is null and used[c] + held[c] >= max_uses[c] then 'PROMO_CODE_USED_UP'
           when taken[i] is null and persons[w.p] >= max_person[c] then 'PROMO_CODE_PERSON_LIMIT'
           when w.offer_id is not null and offers[w.o] >= max_offer[c] then 'PROMO_CODE_OFFER_LIMIT'
           when given[c] + w.benefit_minor > budgets[c] then 'PROMO_CODE_BUDGET_SPENT'
         end;
       end if;
       verdicts[i] := verdict;

       if verdict is null and w.counted then
         if w.held then
           held[c] := held[c] + 1;
         else
           used[c] := used[c] + 1;
         end if;
         if taken[i] is null then
           persons[w.p] := persons[w.p] + 1;
         else
           held[c] := held[c] - 1;
         end if;
         offers[w.o] := offers[w.o] + 1;
         given[c] := given[c] + w.benefit_minor;
       elsif verdict is not null then
         taken[i] := null;
         -- 3 undo
         if broken is null then
           broken := verdict;
           for j in party_from .. i - 1 loop
             if verdicts[j] is null and (wishes[j]).counted then
               c := code_at[j];
               if (wishes[j]).held then
                 held[c] := held[c] - 1;
               else
                 used[c] := used[c] - 1;
               end if;
               if taken[j] is null then
                 persons[person_at[j]] := persons[person_at[j]] - 1;
               else
                 held[c] := held[c] + 1;
                 taken[j] := null;
               end if;
               offers[offer_at[j]] := offers[offer_at[j]] - 1;
               given[c] := given[c] - (wishes[j]).benefit_minor;
             end if;
             if verdicts[j] is null then
               verdicts[j] := case when verdict in ('REPEATED', 'CHANGED') then verdict else 'WITH_ANOTHER' end;
             end if;
           end loop;
         end if;
       end if;
     end loop;

     -- 4 uses
     insert into promo_use (id, code_id, person_id, offer_id, order_id, conversion_id, state, benefit_minor, currency,
       price_minor, explanation, applied_at, held_at, lapses_at, redeemed_at)
     select n.use_id, n.code_id, n.person_id, n.offer_id, n.order_id, n.conversion_id,
       case when n.held then 'held' else 'redeemed' end, n.benefit_minor, n.currency, n.price_minor, n.explanation,
       coalesce(n.applied_at, at), case when n.held then at end, n.lapses_at, case when not n.held then at end
     from unnest(wishes) n
     where verdicts[n.place] is null and n.counted and taken[n.place] is null;

     if array_remove(taken, null) <> '{}' then
       update promo_use u set state = 'redeemed', redeemed_at = at, offer_id = n.offer_id, order_id = n.order_id,
         conversion_id = n.conversion_id, benefit_minor = n.benefit_minor, currency = n.currency,
         price_minor = n.price_minor, explanation = n.explanation, applied_at = coalesce(n.applied_at, at)
       from unnest(wishes) n where u.id = any (taken) and u.id = taken[n.place];
     end if;

     -- 5 count
     changes := array(
       select row(n.place, coalesce(taken[n.place], n.use_id), n.code_id, n.person_id, n.offer_id,
         (not n.held)::integer, n.held::integer - (taken[n.place] is not null)::integer,
         case when n.held then 0 else n.benefit_minor end, case when n.held then n.benefit_minor else 0 end,
         (taken[n.place] is null)::integer, 1,
         case when not n.held then 'redeemed' end, n.benefit_minor, n.currency, n.revenue_minor, n.conversion_id,
         n.order_id, coalesce(n.applied_at, at), n.traceparent, n.correlation_id, n.causation_id)::use_change
       from unnest(wishes) n where verdicts[n.place] is null and n.counted);
     perform count_uses(changes, at);

     -- 6 receipts
     insert into decision_receipt (id, code_id, code, person_id, offer_id, what, allowed, reason, local_time, timezone,
       trace, used_before, used_after, held_before, held_after, given_before, given_after, person_before, person_after,
       offer_before, offer_after, at)
     select n.receipt_id, n.code_id, n.code, n.person_id, n.offer_id, n.what, verdicts[n.place] is null, verdicts[n.place],
       n.local_time, n.timezone, n.trace,
       b.used, b.used + (m.admitted and not n.held)::integer,
       b.held, b.held + (m.admitted and n.held)::integer - (m.admitted and taken[n.place] is not null)::integer,
       b.given, b.given + m.admitted::integer * n.benefit_minor,
       b.person, b.person + (m.admitted and taken[n.place] is null)::integer,
       b.offer, b.offer + m.admitted::integer, at
     from unnest(wishes) n
     cross join lateral (select verdicts[n.place] is null and n.counted as admitted) m
     -- What the rules refuse asks no counter, and takes no lock to see one.
     cross join lateral (select case when used_before[n.place] is null then (
       select row(p.used, p.held, p.given_minor + p.held_minor,
         (select q.uses from promo_code_person_use q where q.code_id = p.id and q.person_id = n.person_id),
         (select q.uses from promo_code_offer_use q where q.code_id = p.id and q.offer_id = n.offer_id))::seen_counters
       from promo_code p where p.id = n.code_id)
       else row(used_before[n.place], held_before[n.place], given_before[n.place], person_before[n.place],
         offer_before[n.place])::seen_counters end as seen offset 0) k
     cross join lateral (select (k.seen).*) b
     where verdicts[n.place] is distinct from 'REPEATED' and verdicts[n.place] is distinct from 'CHANGED'
     order by n.place;

     return query
     select n.place, verdicts[n.place], coalesce(taken[n.place], n.use_id) from unnest(wishes) n order by n.place;
   end $$`,

  /*
   * Moves uses on: held → redeemed, released or lapsed; redeemed → reversed. One that is not where it would have to
   * come from stays, and is not among those answered; a hold that was pinned does not lapse. A reversal gives the slot
   * back unless the code's rule for its reason says otherwise.
   */
  `create or replace function move_uses(moves use_move[], at timestamptz)
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
   end $$`,
];
