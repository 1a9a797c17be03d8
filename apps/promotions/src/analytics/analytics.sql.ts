/**
 * Sums of the journal (`promo_entry`) per code, offer and day, as far as a watermark; whoever reads adds what came
 * since.
 *
 * Days are days of UTC. A use belongs to the day on which it was applied, and stays there: when it is reversed, `uses`
 * and `kept_minor` of that day go down again, while `reversals` and `taken_back_minor` rise on the day of the reversal.
 * Where a use names no offer or no currency, the text is empty.
 */
export const analyticsTables = [
  // What an entry does to the numbers, said once for the job and for every reader.
  // A reversal gives its slot back or not by the code's rule; that is asked for reversals alone.
  `create view promo_effect as
   select code_id, entry_no, kind = 'reversed' as is_reversal, person_id, coalesce(offer_id, '') as offer_id,
     coalesce(currency, '') as currency,
     (coalesce(applied_at, at) at time zone 'UTC')::date as day, (at at time zone 'UTC')::date as told_on,
     case
       when kind = 'redeemed' then 1
       when (select keeps_slot from promo_use where promo_use.id = promo_entry.use_id) then 0
       else -1
     end as uses,
     case kind when 'redeemed' then 1 else -1 end * benefit_minor as kept_minor,
     case kind when 'redeemed' then 1 else -1 end * revenue_minor as revenue_minor
   from promo_entry`,

  `create table rollup (
     code_id uuid not null,
     offer_id text collate "C" not null,
     day date not null,
     currency text not null,
     redemptions bigint not null,
     reversals bigint not null,
     uses bigint not null,
     given_minor bigint not null,
     taken_back_minor bigint not null,
     kept_minor bigint not null,
     revenue_minor bigint not null,
     primary key (code_id, offer_id, day, currency)
   ) with (fillfactor = 70)`,
  `comment on column rollup.uses is 'Uses applied on that day which still have their slot: all of them add up to promo_code.used.'`,
  `comment on column rollup.kept_minor is 'Of given_minor, what has not been taken back, on whichever day.'`,
  // For the best codes of a span of days.
  `create index rollup_of_day on rollup (day, code_id)`,

  // How many persons used an offer on which days. It is asked only about the persons of new entries.
  `create table rollup_person (
     code_id uuid not null,
     offer_id text collate "C" not null,
     person_id uuid not null,
     day date not null,
     uses bigint not null,
     primary key (code_id, offer_id, person_id, day)
   ) with (fillfactor = 80)`,
  // Each day on which a person used an offer, with the day before it on which they did, counted over all persons.
  // Whoever came in a span of days came in it for a first time: on a day whose previous one lies before the span. So
  // the number of different persons in any span is a sum, and nobody is looked at again.
  `create table rollup_visit (
     code_id uuid not null,
     previous_day date not null,
     offer_id text collate "C" not null,
     day date not null,
     persons bigint not null,
     primary key (code_id, previous_day, offer_id, day)
   ) with (fillfactor = 70)`,
  `comment on column rollup_visit.previous_day is '-infinity where the person came for the first time ever.'`,

  `create table rollup_watermark (
     code_id uuid primary key,
     entry_no bigint not null
   ) with (fillfactor = 70)`,
  `comment on table rollup_watermark is
     'The newest entry of each code that the rollups hold. Entries are numbered under the lock of the code''s row, so none below it is still to come.'`,

  // A list of a code's redemptions finds a page by counting the reversals below it, which are few.
  `create index promo_entry_reversed on promo_entry (code_id, entry_no) where kind = 'reversed'`,
  // What is held for an order is in it until the order ends; of a code that counts when it is taken, each slot until it
  // is redeemed.
  `create index promo_use_held on promo_use (code_id) where state = 'held'`,

  // Takes the next entries of some codes into the rollups, `entries_max` of each at the most, and answers how many.
  // Two at once are one after the other: the second waits for the watermarks and finds them moved.
  // New entries ask for few persons, by index; no statistics tell the planner so.
  `create function roll_up(codes uuid[], entries_max integer) returns bigint language plpgsql
   set enable_hashjoin = off set enable_mergejoin = off as $$
   declare
     taken bigint;
   begin
     insert into rollup_watermark (code_id, entry_no)
     select code_id, 0 from unnest(codes) as code (code_id) order by code_id
     on conflict do nothing;
     perform from rollup_watermark where code_id = any (codes) order by code_id for update;

     with effect as materialized (
       select entry.* from rollup_watermark as watermark
       cross join lateral (
         select * from promo_effect
         where promo_effect.code_id = watermark.code_id and promo_effect.entry_no > watermark.entry_no
         order by promo_effect.entry_no limit entries_max
       ) as entry
       where watermark.code_id = any (codes)
     ),
     rolled as (
       insert into rollup as known
         (code_id, offer_id, day, currency, redemptions, reversals, uses, given_minor, taken_back_minor, kept_minor, revenue_minor)
       select code_id, offer_id, day, currency, sum(redemptions), sum(reversals), sum(uses), sum(given_minor),
         sum(taken_back_minor), sum(kept_minor), sum(revenue_minor)
       from (
         select code_id, offer_id, day, currency, (not is_reversal)::int as redemptions, 0 as reversals, uses,
           case when is_reversal then 0 else kept_minor end as given_minor, 0 as taken_back_minor, kept_minor, revenue_minor
         from effect
         union all
         select code_id, offer_id, told_on, currency, 0, 1, 0, 0, -kept_minor, 0, 0 from effect where is_reversal
       ) as part
       group by code_id, offer_id, day, currency
       on conflict (code_id, offer_id, day, currency) do update set
         redemptions = known.redemptions + excluded.redemptions,
         reversals = known.reversals + excluded.reversals,
         uses = known.uses + excluded.uses,
         given_minor = known.given_minor + excluded.given_minor,
         taken_back_minor = known.taken_back_minor + excluded.taken_back_minor,
         kept_minor = known.kept_minor + excluded.kept_minor,
         revenue_minor = known.revenue_minor + excluded.revenue_minor
     ),
     change as (
       select code_id, offer_id, person_id, day, sum(uses) as uses from effect
       group by code_id, offer_id, person_id, day having sum(uses) <> 0
     ),
     known as materialized (
       select person.* from (select distinct code_id, offer_id, person_id from change) as who
       join rollup_person as person using (code_id, offer_id, person_id)
     ),
     written as (
       insert into rollup_person as known (code_id, offer_id, person_id, day, uses)
       select code_id, offer_id, person_id, day, uses from change
       on conflict (code_id, offer_id, person_id, day) do update set uses = known.uses + excluded.uses
     ),
     visit as (
       select code_id, offer_id, day, -1 as persons,
         lag(day, 1, '-infinity') over (partition by code_id, offer_id, person_id order by day) as previous_day
       from known where uses > 0
       union all
       select code_id, offer_id, day, 1,
         lag(day, 1, '-infinity') over (partition by code_id, offer_id, person_id order by day)
       from (
         select code_id, offer_id, person_id, day
         from (select * from known union all select * from change) as both_sides
         group by code_id, offer_id, person_id, day having sum(uses) > 0
       ) as now_known
     ),
     visited as (
       insert into rollup_visit as known (code_id, previous_day, offer_id, day, persons)
       select code_id, previous_day, offer_id, day, sum(persons) from visit
       group by code_id, previous_day, offer_id, day having sum(persons) <> 0
       on conflict (code_id, previous_day, offer_id, day) do update set persons = known.persons + excluded.persons
     ),
     moved as (
       update rollup_watermark as watermark set entry_no = newest.entry_no
       from (select code_id, max(entry_no) as entry_no from effect group by code_id) as newest
       where watermark.code_id = newest.code_id
     )
     select count(*) into taken from effect;
     return taken;
   end $$`,
];

/**
 * Who looks for new entries looks among the codes that were used, which are few where codes are drawn by the million.
 * The first use moves a code into it, and no later one touches it.
 */
export const usedCodesIndex = `create index promo_code_used on promo_code (id) where first_used_at is not null`;
