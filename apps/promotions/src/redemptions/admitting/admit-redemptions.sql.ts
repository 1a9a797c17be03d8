import { setPlans } from './set-plans.js';

/**
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
export const admitRedemptionsSql = `create or replace function admit_uses(wishes use_wish[], at timestamptz)
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
   end $$`;
