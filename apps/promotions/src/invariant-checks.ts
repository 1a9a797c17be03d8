import type { InvariantCheck } from '#persistence/invariant-checks.js';

/**
 * The invariants of promo codes (I6 of test/README.md, and their limits). Locks, guarded statements and constraints
 * keep them; these checks compute them from single redemptions and entries.
 */
export const invariantChecks: readonly InvariantCheck[] = [
  {
    invariant: 'no code exceeds max_uses, holds included',
    counted: 'promo_code',
    violations: `
      select 'code ' || code || ' may have ' || max_uses || ' uses, and has ' || count(*) as violation
      from promo_code join redemption on code_id = promo_code.id and keeps_slot
      group by promo_code.id having count(*) > max_uses`,
  },
  {
    invariant: 'no code exceeds its budget',
    counted: 'promo_code',
    violations: `
      select 'code ' || code || ' may give ' || budget_minor || ', and gives ' || sum(benefit_minor) as violation
      from promo_code join redemption on code_id = promo_code.id and keeps_slot
      group by promo_code.id having sum(benefit_minor) > budget_minor`,
  },
  {
    // A limit may be lowered later below what somebody has taken; so of codes whose terms were never changed.
    invariant: 'no person and no offer exceeds its limit of a code',
    counted: 'redemption',
    violations: `
      select 'code ' || code || ' is used ' || count(*) || ' times by person ' || person_id as violation
      from promo_code join redemption on code_id = promo_code.id and keeps_slot
      where version = 1 group by promo_code.id, person_id having count(*) > max_uses_per_person
      union all
      select 'code ' || code || ' is used ' || count(*) || ' times for offer ' || offer_id
      from promo_code join redemption on code_id = promo_code.id and keeps_slot
      where version = 1 and offer_id is not null group by promo_code.id, offer_id having count(*) > max_uses_per_offer`,
  },
  {
    invariant: 'the counters of a code equal its redemptions and their benefits',
    counted: 'promo_code',
    violations: `
      select 'code ' || code || ' counts ' || concat_ws('/', promo_code.used, promo_code.held, promo_code.given_minor,
          promo_code.held_minor) || '; its uses say ' || concat_ws('/', coalesce(slots.used, 0), coalesce(slots.held, 0),
          coalesce(slots.given_minor, 0), coalesce(slots.held_minor, 0)) as violation
      from promo_code left join (
        select code_id,
          count(*) filter (where keeps_slot and state <> 'held') as used,
          count(*) filter (where state = 'held') as held,
          coalesce(sum(benefit_minor) filter (where keeps_slot and state <> 'held'), 0) as given_minor,
          coalesce(sum(benefit_minor) filter (where state = 'held'), 0) as held_minor
        from redemption group by code_id
      ) slots on code_id = id
      where (promo_code.used, promo_code.held, promo_code.given_minor, promo_code.held_minor) is distinct from
        (coalesce(slots.used, 0), coalesce(slots.held, 0), coalesce(slots.given_minor, 0), coalesce(slots.held_minor, 0))`,
  },
  {
    invariant: 'the usage of each person equals its redemptions',
    counted: 'promo_code_person_usage',
    violations: `
      select 'code ' || code_id || ' counts ' || coalesce(counted.uses, 0) || ' uses of person ' || person_id ||
        ', who has ' || coalesce(had.uses, 0) as violation
      from promo_code_person_usage counted
      full join (
        select code_id, person_id, count(*) as uses from redemption where keeps_slot group by code_id, person_id
      ) had using (code_id, person_id)
      where coalesce(counted.uses, 0) <> coalesce(had.uses, 0)`,
  },
  {
    invariant: 'a person has one slot of all codes for new persons, and it equals the redemptions',
    counted: 'new_person_usage',
    violations: `
      select 'person ' || person_id || ' counts ' || coalesce(counted.uses, 0) || ' uses of codes for new persons, and has ' ||
        coalesce(had.uses, 0) as violation
      from new_person_usage counted
      full join (
        select person_id, count(*) as uses from redemption where keeps_slot and for_new_person group by person_id
      ) had using (person_id)
      where coalesce(counted.uses, 0) <> coalesce(had.uses, 0) or had.uses > 1`,
  },
  {
    invariant: 'the usage of each offer equals its redemptions',
    counted: 'promo_code_offer_usage',
    violations: `
      select 'code ' || code_id || ' counts ' || coalesce(counted.uses, 0) || ' uses for offer ' || offer_id ||
        ', which has ' || coalesce(had.uses, 0) as violation
      from promo_code_offer_usage counted
      full join (
        select code_id, offer_id, count(*) as uses from redemption where keeps_slot and offer_id is not null
        group by code_id, offer_id
      ) had using (code_id, offer_id)
      where coalesce(counted.uses, 0) <> coalesce(had.uses, 0)`,
  },
  {
    invariant: 'an order or a conversion has one redemption of a code',
    counted: 'redemption',
    violations: `
      select 'code ' || code_id || ' is used ' || count(*) || ' times for ' || coalesce('order ' || order_id,
        'conversion ' || conversion_id) as violation
      from redemption where order_id is not null or conversion_id is not null
      group by code_id, order_id, conversion_id, sender having count(*) > 1`,
  },
  {
    invariant: 'a conversion has the redemptions of its reply, and they are reversed with it',
    counted: 'conversion',
    violations: `
      select 'conversion ' || conversion_id || ' was answered ' || cardinality(reply.uses) || ' uses; it has ' ||
        coalesce(had.uses::text, 'none') as violation
      from conversion
      cross join lateral (
        select array(select (redemption ->> 'redemption_id')::uuid from jsonb_array_elements(answer -> 'redemptions') redemption order by 1) as uses
      ) reply
      cross join lateral (
        select array_agg(id order by id) as ids, jsonb_object_agg(id, state) as uses,
          bool_and(state = case when reversed_at is null then 'redeemed' else 'reversed' end) as right_state
        from redemption where redemption.conversion_id = conversion.conversion_id and redemption.sender = conversion.sender
      ) had
      where answer is null or reply.uses <> coalesce(had.ids, '{}') or not coalesce(had.right_state, true)`,
  },
  {
    invariant: 'the hold of an application belongs to its person, and is held until it is spent',
    counted: 'promo_application',
    violations: `
      select 'code ' || coalesce(taken.code_id, use.code_id) || ' is ' || coalesce(taken.state, 'not taken') || ' by person ' ||
        coalesce(taken.person_id, use.person_id) || '; the slot held for it is ' || coalesce(use.state, 'not there') as violation
      from (select * from promo_application where redemption_id is not null) taken
      full join (select * from redemption where state = 'held' and order_id is null) use on use.id = taken.redemption_id
      where taken.state is distinct from 'applied' and use.state is not null
        or taken.state = 'applied' and use.state is null
        or (taken.code_id, taken.person_id) <> (use.code_id, use.person_id)`,
  },
  {
    invariant: 'the entries of a code are numbered without gaps',
    counted: 'redemption_entry',
    violations: `
      select 'code ' || code || ' has ' || count(entry_no) || ' entries up to ' || coalesce(max(entry_no), 0) ||
        '; its newest is said to be ' || last_entry as violation
      from promo_code left join redemption_entry on code_id = id
      group by id having count(entry_no) <> last_entry or coalesce(max(entry_no), 0) <> last_entry
        or min(entry_no) <> 1`,
  },
  {
    invariant: 'each redemption has one entry, and each reversal another',
    counted: 'redemption_entry',
    violations: `
      select 'use ' || redemption_id || ' is ' || coalesce(state, 'not there') || '; it was entered as redeemed ' ||
        coalesce(redeemed, 0) || ' times and as reversed ' || coalesce(reversed, 0) || ' times' as violation
      from (select id as redemption_id, state, benefit_minor, person_id, code_id from redemption) as use
      full join (
        select redemption_id, count(*) filter (where kind = 'redeemed') as redeemed,
          count(*) filter (where kind = 'reversed') as reversed, min(redemption_entry.benefit_minor) as least,
          max(redemption_entry.benefit_minor) as most,
          bool_and(redemption_entry.person_id = redemption.person_id and redemption_entry.code_id = redemption.code_id) as same
        from redemption_entry left join redemption on redemption.id = redemption_id group by redemption_id
      ) entered using (redemption_id)
      where coalesce(redeemed, 0) <> (state in ('redeemed', 'reversed'))::int
        or coalesce(reversed, 0) <> (state = 'reversed')::int
        or state is null
        or least <> benefit_minor or most <> benefit_minor or not same`,
  },
  {
    invariant: 'a code that its last redemption deactivated has no uses remaining',
    counted: 'promo_code',
    violations: `
      select 'code ' || code || ' was deactivated by its last use, and ' || used || ' of ' || coalesce(max_uses::text, 'any number') ||
        ' are used' as violation
      from promo_code where status = 'expired' and auto_deactivated_at is not null and used < coalesce(max_uses, used + 1)`,
  },
  {
    invariant: 'the rollups equal the sums of the journal',
    counted: 'rollup',
    violations: `
      select 'code ' || code_id || ' has other sums for offer "' || offer_id || '" on ' || day || ' than its journal' as violation
      from rollup full join (
        select code_id, offer_id, day, currency, sum(redemptions) as redemptions, sum(reversals) as reversals, sum(uses) as uses,
          sum(given_minor) as given_minor, sum(reversed_minor) as reversed_minor, sum(kept_minor) as kept_minor,
          sum(revenue_minor) as revenue_minor
        from (
          select code_id, entry_no, offer_id, day, currency, (not is_reversal)::int as redemptions, 0 as reversals, uses,
            case when is_reversal then 0 else kept_minor end as given_minor, 0 as reversed_minor, kept_minor, revenue_minor
          from redemption_effect
          union all
          select code_id, entry_no, offer_id, entered_on, currency, 0, 1, 0, 0, -kept_minor, 0, 0 from redemption_effect where is_reversal
        ) as effect
        join rollup_watermark as watermark using (code_id)
        where effect.entry_no <= watermark.entry_no
        group by code_id, offer_id, day, currency
      ) journal using (code_id, offer_id, day, currency)
      where (rollup.redemptions, rollup.reversals, rollup.uses, rollup.given_minor,
        rollup.reversed_minor, rollup.kept_minor, rollup.revenue_minor) is distinct from
        (journal.redemptions, journal.reversals, journal.uses, journal.given_minor, journal.reversed_minor,
        journal.kept_minor, journal.revenue_minor)`,
  },
  {
    invariant: 'each refusal is counted once, in the sums or on the way to them',
    counted: 'rollup_refusal',
    violations: `
      select 'code ' || code_id || ' has ' || coalesce(counted.refusals, 0) || ' refusals ' || reason || ' on ' || day ||
        '; its receipts say ' || coalesce(written.refusals, 0) as violation
      from (
        select code_id, day, reason, sum(refusals) as refusals from (
          select code_id, day, reason, refusals from rollup_refusal
          union all
          select code_id, day, reason, 1 from refusal_not_rolled_up
        ) as part group by code_id, day, reason
      ) counted
      full join (
        select code_id, (at at time zone 'UTC')::date as day, reason, count(*) as refusals from decision_receipt
        where not allowed and code_id is not null group by 1, 2, 3
      ) written using (code_id, day, reason)
      where counted.refusals is distinct from written.refusals`,
  },
  {
    invariant: 'the rollups have the days on which each person used an offer',
    counted: 'rollup_person',
    violations: `
      select 'code ' || code_id || ' has ' || coalesce(known.uses, 0) || ' uses of person ' || person_id || ' for offer "' ||
        offer_id || '" on ' || day || '; its journal says ' || coalesce(journal.uses, 0) as violation
      from rollup_person known full join (
        select code_id, offer_id, person_id, day, sum(uses) as uses
        from redemption_effect join rollup_watermark as watermark using (code_id)
        where redemption_effect.entry_no <= watermark.entry_no
        group by code_id, offer_id, person_id, day having sum(uses) <> 0
      ) journal using (code_id, offer_id, person_id, day)
      where coalesce(known.uses, 0) <> coalesce(journal.uses, 0)`,
  },
  {
    invariant: 'the rollups count the persons of each day, by their previous day',
    counted: 'rollup_visit',
    violations: `
      select 'code ' || code_id || ' has ' || coalesce(known.persons, 0) || ' persons for offer "' || offer_id || '" on ' ||
        day || ' who had come on ' || previous_day || '; its journal says ' || coalesce(journal.persons, 0) as violation
      from rollup_visit known full join (
        select code_id, previous_day, offer_id, day, count(*) as persons
        from (
          select code_id, offer_id, day,
            lag(day, 1, '-infinity') over (partition by code_id, offer_id, person_id order by day) as previous_day
          from (
            select code_id, offer_id, person_id, day, sum(uses) as uses
            from redemption_effect join rollup_watermark as watermark using (code_id)
            where redemption_effect.entry_no <= watermark.entry_no
            group by code_id, offer_id, person_id, day having sum(uses) <> 0
          ) as days where uses > 0
        ) as visit
        group by code_id, previous_day, offer_id, day
      ) journal using (code_id, previous_day, offer_id, day)
      where coalesce(known.persons, 0) <> coalesce(journal.persons, 0)`,
  },
];
