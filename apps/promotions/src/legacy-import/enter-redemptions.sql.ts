/*
 * How uses of the former system are entered, as `LegacyStore.enterUses` says: one statement, here part by part. Its
 * parameters: $1 how many uses, $2 who made codes that come from records, $3 now, $4 the conversions that nobody told
 * here before.
 */

/** The staged uses whose turn it is: code by code, in the order of their time. */
export const nextUses = '(select * from former_use order by code_id, applied_at, use_id limit $1)';

/** They leave the staging table. */
const taken = `
  next as materialized ${nextUses},
  gone as (delete from former_use using next where former_use.use_id = next.use_id)`;

/**
 * Those that are not there are added, and numbered within their code. By conversion two records may be one use;
 * whichever is first has it.
 */
const added = `
  added as (
    insert into redemption (id, code_id, person_id, offer_id, conversion_id, state, benefit_minor, currency, explanation,
      applied_at, redeemed_at)
    select use_id, code_id, person_id, offer_id, conversion_id, 'redeemed', bonus_minor, currency,
      'Brought from the former system.', applied_at, applied_at
    from next where conversion_id is null or conversion_id = any ($4::text[]) order by code_id, applied_at, use_id
    on conflict do nothing
    returning id
  ),
  fresh as (
    select next.*, row_number() over (partition by code_id order by applied_at, use_id) as place
    from next join added on added.id = next.use_id
  )`;

/** How many uses that makes, by person and by offer, and by code beside the most that one person or offer has. */
const counted = `
  of_person as (
    insert into promo_code_person_usage as known (code_id, person_id, uses)
    select code_id, person_id, count(*) from fresh group by code_id, person_id
    on conflict (code_id, person_id) do update set uses = known.uses + excluded.uses
    returning code_id, uses
  ),
  of_offer as (
    insert into promo_code_offer_usage as known (code_id, offer_id, uses)
    select code_id, offer_id, count(*) from fresh where offer_id is not null group by code_id, offer_id
    on conflict (code_id, offer_id) do update set uses = known.uses + excluded.uses
    returning code_id, uses
  ),
  counted as (
    select code_id, count(*) as uses, sum(bonus_minor) as given_minor, min(applied_at) as first_at,
      max(applied_at) as last_at,
      (select max(uses) from of_person where of_person.code_id = fresh.code_id) as most_of_person,
      (select max(uses) from of_offer where of_offer.code_id = fresh.code_id) as most_of_offer
    from fresh group by code_id
  )`;

/** The limits that a code's uses have passed, and what they came to. */
const passed = `
  passed as (
    select counted.*, known.used + counted.uses as used, raised.after,
      (select jsonb_object_agg(key, to_jsonb(known) -> key) from jsonb_object_keys(raised.after) as key) as before
    from counted join promo_code as known on known.id = code_id
    cross join lateral (
      select jsonb_strip_nulls(jsonb_build_object(
        'max_uses', case when max_uses < used + held + uses then used + held + uses end,
        'max_uses_per_person', case when max_uses_per_person < most_of_person then most_of_person end,
        'max_uses_per_offer', case when max_uses_per_offer < most_of_offer then most_of_offer end,
        'budget_minor', case when budget_minor < known.given_minor + held_minor + counted.given_minor
          then known.given_minor + held_minor + counted.given_minor end)) as after
    ) as raised
  )`;

/** The codes with their counters and limits as they are now, and a line in the audit trail where one was raised. */
const codes = `
  code as (
    update promo_code set
      used = passed.used,
      given_minor = promo_code.given_minor + passed.given_minor,
      last_entry = last_entry + passed.uses,
      max_uses = coalesce((after ->> 'max_uses')::bigint, max_uses),
      max_uses_per_person = coalesce((after ->> 'max_uses_per_person')::bigint, max_uses_per_person),
      max_uses_per_offer = coalesce((after ->> 'max_uses_per_offer')::bigint, max_uses_per_offer),
      budget_minor = coalesce((after ->> 'budget_minor')::bigint, budget_minor),
      version = version + (after <> '{}')::integer,
      first_used_at = least(first_used_at, first_at),
      status = case when is_used_up then 'expired' else status end,
      auto_deactivated_at = case when is_used_up then last_at else auto_deactivated_at end,
      deactivation_announced_at = case when is_used_up then last_at else deactivation_announced_at end
    -- By the limit as it was: one that was passed is raised to the uses, and they use it up all the same.
    from passed join lateral (
      select status = 'active' and (
        select s.status from code_status_after(promo_code, passed.used::bigint, last_at) s) = 'expired' as is_used_up
      from promo_code where id = passed.code_id
    ) as ending on true
    where promo_code.id = passed.code_id
    returning promo_code.id, promo_code.code, promo_code.kind, promo_code.version,
      promo_code.last_entry - passed.uses as entries_before, before, after
  ),
  change as (
    insert into code_change (code_id, version, changed_by, at, before, after)
    select id, version, $2, $3, before, after from code where after <> '{}'
  )`;

/** The entries of the new uses, numbered on from the last one of their code. */
const entries = `
  entry as (
    insert into redemption_entry (code_id, entry_no, kind, redemption_id, person_id, offer_id, benefit_kind, benefit_minor,
      currency, conversion_id, applied_at, at)
    select code_id, entries_before + place, 'redeemed', use_id, person_id, offer_id, code.kind, bonus_minor, currency,
      conversion_id, applied_at, applied_at
    from fresh join code on code.id = code_id
  )`;

/** What became of each of the uses. */
const outcomes = `
  (select jsonb_agg(jsonb_build_object('line', line, 'conversion_id', next.conversion_id, 'outcome', case
     when added.id is not null then 'added' when known.id is not null then 'known'
     when next.conversion_id <> all ($4::text[]) then 'told' else 'conflict' end))
   from next left join added on added.id = use_id left join redemption as known on known.id = use_id)`;

const raisedLimits = `
  (select jsonb_agg(jsonb_build_object('code', code, 'before', before, 'after', after)) from code where after <> '{}')`;

export const enterUses = `
  with ${[taken, added, counted, passed, codes, entries].join(',')}
  select ${outcomes} as uses, ${raisedLimits} as raised`;
