import { Injectable } from '@nestjs/common';
import { Transactions } from '#persistence/transaction.js';
import { CodeEntity } from '../codes/code.entity.js';
import type { ActivityTotals, Kind } from './domain/activity-totals.js';
import type { DateRange } from './domain/date-range.js';

/** Empty texts stand for no offer and no currency. */
export interface OfferSums {
  readonly offerId: string;
  readonly offerName: string | null;
  readonly uses: number;
  readonly persons: number;
  /** What was given and not reversed, by currency. */
  readonly keptMinor: Readonly<Record<string, number>>;
}

/** The uses of a code, counted in every way that they are kept in: all ways must agree (prove-code.ts). */
export interface Counts {
  readonly code: string;
  readonly max_uses: number | null;
  readonly used: number;
  readonly held: number;
  readonly entries_used: number;
  readonly analytics_used: number;
  readonly held_rows: number;
  readonly per_person: number;
  readonly per_offer: number;
  /** Of used and held slots, those that name an offer. */
  readonly with_offer: number;
  /** What the rollups hold: uses added up over offers, and over persons. */
  readonly rolled_uses: number;
  readonly rolled_person_uses: number;
  /** Of what the rollups hold: days on which somebody used an offer, and how many of them were counted. */
  readonly person_days: number;
  readonly visits: number;
}

/**
 * The rollups and the journal entries after them. Each read is one statement with one snapshot, so that each entry
 * counts once while the job adds entries to the rollups.
 */
@Injectable()
export class AnalyticsStore {
  constructor(private readonly transactions: Transactions) {}

  /** @returns undefined when there is no such code, or it is not `ownedBy`'s */
  async code(codeId: string, ownedBy: string | null): Promise<{ code: string; kind: Kind } | undefined> {
    const codes = this.transactions
      .kysely(CodeEntity)
      .selectFrom('promo_code')
      .select(['code', 'kind'])
      .where('id', '=', codeId);
    return (ownedBy === null ? codes : codes.where('ownerId', '=', ownedBy)).executeTakeFirst();
  }

  async offers(codeId: string, { from, to }: DateRange): Promise<OfferSums[]> {
    const rows = await this.transactions.query<{
      offer_id: string;
      name: string | null;
      uses: number;
      persons: number;
      kept_minor: Record<string, number>;
    }>(
      `with tail as materialized (select * from effects_not_rolled_up($1)),
       per_currency as (
         select offer_id, currency, sum(uses)::bigint as uses, sum(kept_minor)::bigint as kept_minor
         from (
           select offer_id, currency, uses, kept_minor from rollup where code_id = $1 and day between $2 and $3
           union all
           select offer_id, currency, uses, kept_minor from tail where day between $2 and $3
         ) as part
         group by offer_id, currency
       ),
       -- Persons that the tail adds or removes: those that count only without it, or only with it.
       tail_person as (
         select offer_id, person_id, bool_or(known > 0) as was_there, bool_or(known + added > 0) as is_there
         from (
           select offer_id, person_id, day, sum(known) as known, sum(added) as added
           from (
             select offer_id, person_id, day, 0 as known, uses as added from tail
             union all
             select who.offer_id, who.person_id, person.day, person.uses, 0
             from (select distinct offer_id, person_id from tail) as who
             cross join lateral (
               select day, uses from rollup_person
               where code_id = $1 and offer_id = who.offer_id and person_id = who.person_id
               offset 0
             ) as person
           ) as side
           where day between $2 and $3
           group by offer_id, person_id, day
         ) as per_day
         group by offer_id, person_id
       ),
       per_offer as (
         select offer_id, sum(persons)::bigint as persons
         from (
           select offer_id, persons from rollup_visit where code_id = $1 and previous_day < $2 and day between $2 and $3
           union all
           select offer_id, is_there::int - was_there::int from tail_person where is_there <> was_there
         ) as part
         group by offer_id
       )
       select offer_id, name, sum(uses)::bigint as uses, coalesce(max(persons), 0)::bigint as persons,
         coalesce(jsonb_object_agg(per_currency.currency, kept_minor) filter (where kept_minor <> 0), '{}') as kept_minor
       from per_currency left join per_offer using (offer_id) left join offer on offer.id = offer_id
       group by offer_id, name
       order by sum(uses) desc, offer_id`,
      [codeId, from, to],
    );
    return rows.map((row) => ({
      offerId: row.offer_id,
      offerName: row.name,
      uses: row.uses,
      persons: row.persons,
      keptMinor: row.kept_minor,
    }));
  }

  async days(codeId: string, { from, to }: DateRange): Promise<(ActivityTotals & { day: Temporal.PlainDate })[]> {
    return this.transactions.query(
      `select day, currency, sum(redemptions)::bigint as redemptions, sum(reversals)::bigint as reversals,
         sum(given_minor)::bigint as given_minor, sum(reversed_minor)::bigint as reversed_minor,
         sum(revenue_minor)::bigint as revenue_minor
       from (
         select day, currency, redemptions, reversals, given_minor, reversed_minor, revenue_minor
         from rollup where code_id = $1 and day between $2 and $3
         union all
         select day, currency, redemptions, reversals, given_minor, reversed_minor, revenue_minor
         from activity_not_rolled_up($1)
       ) as part
       where day between $2 and $3
       group by day, currency
       order by day, currency`,
      [codeId, from, to],
    );
  }

  /** Codes by what they did in a span of days; `currency` is what money is compared in. */
  async top({ from, to }: DateRange, by: string, currency: string | null, limit: number) {
    return this.transactions.query<
      ActivityTotals & { code_id: string; code: string; title: string; kind: Kind; place: number }
    >(
      `with tail as materialized (
         select activity.* from promo_code left join rollup_watermark on code_id = id
         cross join lateral activity_not_rolled_up(promo_code.id) as activity
         where first_used_at is not null and last_entry > coalesce(rollup_watermark.entry_no, 0)
       ),
       per_currency as (
         select code_id, currency, sum(redemptions)::bigint as redemptions, sum(reversals)::bigint as reversals,
           sum(given_minor)::bigint as given_minor, sum(reversed_minor)::bigint as reversed_minor,
           sum(revenue_minor)::bigint as revenue_minor
         from (
           select code_id, day, currency, redemptions, reversals, given_minor, reversed_minor, revenue_minor
           from rollup where day between $1 and $2
           union all
           select code_id, day, currency, redemptions, reversals, given_minor, reversed_minor, revenue_minor from tail
         ) as part
         where day between $1 and $2
         group by code_id, currency
       ),
       best as (
         select code_id, row_number() over (order by measure desc, code_id) as place
         from (
           select code_id, code, title, kind, sum(case $3
             when 'redemptions' then per_currency.redemptions
             when 'revenue' then case when per_currency.currency = $4 then per_currency.revenue_minor end
             else case when kind = $3 and per_currency.currency = $4
               then per_currency.given_minor - per_currency.reversed_minor end
           end) as measure
           from per_currency join promo_code on id = code_id
           group by code_id, code, title, kind
         ) as measured
         where measure > 0
         order by place limit $5
       )
       select code_id, code, title, kind, place, per_currency.*
       from best join per_currency using (code_id) join promo_code on id = code_id
       order by place, per_currency.currency`,
      [from, to, by, currency, limit],
    );
  }

  async counts(codeId: string): Promise<Counts | undefined> {
    const [found] = await this.transactions.query<Counts>(
      `select code, max_uses, used, held, entries.uses as entries_used, rolled.uses + since.uses as analytics_used,
         holds.count as held_rows, persons.uses as per_person, offers.uses as per_offer,
         entries.with_offer + holds.with_offer as with_offer, rolled.uses as rolled_uses,
         rolled_persons.uses as rolled_person_uses, rolled_persons.days as person_days, rolled_visits.persons as visits
       from promo_code,
         (select coalesce(sum(uses), 0)::bigint as uses,
            coalesce(sum(uses) filter (where offer_id <> ''), 0)::bigint as with_offer
          from redemption_effect where code_id = $1) as entries,
         (select coalesce(sum(uses), 0)::bigint as uses from rollup where code_id = $1) as rolled,
         (select coalesce(sum(uses), 0)::bigint as uses, count(*) filter (where uses > 0) as days
          from rollup_person where code_id = $1) as rolled_persons,
         (select coalesce(sum(persons), 0)::bigint as persons from rollup_visit where code_id = $1) as rolled_visits,
         (select coalesce(sum(uses), 0)::bigint as uses from effects_not_rolled_up($1)) as since,
         (select count(*), count(*) filter (where offer_id is not null) as with_offer
          from redemption where code_id = $1 and state = 'held') as holds,
         (select coalesce(sum(uses), 0)::bigint as uses from promo_code_person_usage where code_id = $1) as persons,
         (select coalesce(sum(uses), 0)::bigint as uses from promo_code_offer_usage where code_id = $1) as offers
       where id = $1`,
      [codeId],
    );
    return found;
  }

  /** Codes that have entries which the rollups do not hold yet, and how many. */
  behind(after: string, limit: number): Promise<{ code_id: string; pending: number }[]> {
    return this.transactions.query(
      `select id as code_id, last_entry - coalesce(entry_no, 0) as pending
       from promo_code left join rollup_watermark on code_id = id
       where first_used_at is not null and last_entry > coalesce(entry_no, 0) and id > $1
       order by id limit $2`,
      [after, limit],
    );
  }

  /** Takes the next entries of these codes into the rollups and answers how many those were. */
  async rollUp(codeIds: readonly string[], entriesMax: number): Promise<number> {
    const [rolled] = await this.transactions.query<{ taken: number }>('select roll_up($1, $2) as taken', [
      codeIds,
      entriesMax,
    ]);
    return rolled?.taken ?? 0;
  }
}
