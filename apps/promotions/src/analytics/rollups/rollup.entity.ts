import { defineEntity, p } from '@mikro-orm/postgresql';
import { column } from '#persistence/entities/columns.js';
import { completedBySql } from '#persistence/entities/completed-by-sql.js';

/**
 * Sums of the journal per code, offer, day and currency, up to the watermark of the code. Days are days of UTC; the
 * empty text stands for no offer and no currency.
 */
export const RollupEntity = completedBySql(
  defineEntity({
    name: 'Rollup',
    tableName: 'rollup',
    properties: {
      codeId: p.uuid().primary(),
      offerId: column.ascii().primary(),
      day: column.day().primary(),
      currency: p.text().primary(),
      redemptions: column.bigint(),
      reversals: column.bigint(),
      uses: column
        .bigint()
        .comment('Redemptions applied on that day that keep their slot. Their sum over all days is promo_code.used.'),
      givenMinor: column.bigint(),
      reversedMinor: column.bigint(),
      keptMinor: column.bigint().comment('The part of given_minor that no reversal took back, on any day.'),
      revenueMinor: column.bigint(),
    },
    indexes: [{ name: 'rollup_of_day', properties: ['day', 'codeId'] }],
  }),
  'alter table rollup set (fillfactor = 70)',
);

/** The days on which each person used an offer. */
export const RollupPersonEntity = completedBySql(
  defineEntity({
    name: 'RollupPerson',
    tableName: 'rollup_person',
    properties: {
      codeId: p.uuid().primary(),
      offerId: column.ascii().primary(),
      personId: p.uuid().primary(),
      day: column.day().primary(),
      uses: column.bigint(),
    },
  }),
  'alter table rollup_person set (fillfactor = 80)',
);

/**
 * Each day on which a person used an offer, with the previous such day, counted over all persons. A person of a date
 * range has exactly one day in it whose previous day lies before the range. So the number of different persons in any
 * date range is a sum.
 */
export const RollupVisitEntity = completedBySql(
  defineEntity({
    name: 'RollupVisit',
    tableName: 'rollup_visit',
    properties: {
      codeId: p.uuid().primary(),
      previousDay: column.day().primary().comment('-infinity for the first day of the person.'),
      offerId: column.ascii().primary(),
      day: column.day().primary(),
      persons: column.bigint(),
    },
  }),
  'alter table rollup_visit set (fillfactor = 70)',
);

export const RollupWatermarkEntity = completedBySql(
  defineEntity({
    name: 'RollupWatermark',
    tableName: 'rollup_watermark',
    comment: 'The newest journal entry of each code that the rollups include. No entry below it is uncommitted.',
    properties: { codeId: p.uuid().primary(), entryNo: column.bigint() },
  }),
  'alter table rollup_watermark set (fillfactor = 70)',
  // What an entry changes of the rollups, for the job and for every reader.
  `create view redemption_effect as
   select code_id, entry_no, kind = 'reversed' as is_reversal, person_id, coalesce(offer_id, '') as offer_id,
     coalesce(currency, '') as currency,
     (coalesce(applied_at, at) at time zone 'UTC')::date as day, (at at time zone 'UTC')::date as entered_on,
     case
       when kind = 'redeemed' then 1
       when (select keeps_slot from redemption where redemption.id = redemption_entry.redemption_id) then 0
       else -1
     end as uses,
     case kind when 'redeemed' then 1 else -1 end * benefit_minor as kept_minor,
     case kind when 'redeemed' then 1 else -1 end * revenue_minor as revenue_minor
   from redemption_entry`,
);
