import { defineEntity, p } from '@mikro-orm/postgresql';
import { column } from '#persistence/entities/columns.js';
import { completedBySql } from '#persistence/entities/completed-by-sql.js';
import type { CodeKind } from '../codes/domain/code.js';
import type { EntryKind, RedemptionState } from './domain/redemption.js';

/**
 * A hold, and later a redemption. Foreign keys are left out on purpose: they would lock and check a row for each row of
 * a set. The invariant checks prove that counters, redemptions and journal entries agree.
 */
export const RedemptionEntity = completedBySql(
  defineEntity({
    name: 'Redemption',
    tableName: 'redemption',
    properties: {
      id: p.uuid().primary(),
      codeId: p.uuid(),
      personId: p.uuid(),
      offerId: p.text().nullable(),
      orderId: p.uuid().nullable(),
      conversionId: p.text().nullable(),
      sender: p.text().default('').comment('The outside system that reported the conversion; else empty.'),
      state: column.oneOf<RedemptionState>().check(`state in ('held', 'redeemed', 'released', 'lapsed', 'reversed')`),
      keepsSlot: p
        .boolean()
        .default(true)
        .comment(
          'Whether the counters of the code include it. A reversed redemption may keep its slot: see give_back.',
        ),
      benefitMinor: column.bigint().check('benefit_minor >= 0'),
      currency: p.text().nullable(),
      priceMinor: column.bigint().nullable(),
      explanation: p.text().default(''),
      appliedAt: column
        .instant()
        .comment(
          'When it was applied. Its journal entries have the same time, so that a reversal counts on the day of the redemption.',
        ),
      heldAt: column.instant().nullable(),
      lapsesAt: column
        .instant()
        .nullable()
        .comment('Null once order-opened was received: a pinned hold ends only with its order.'),
      payBy: column
        .instant()
        .nullable()
        .comment('When the order expires at the latest. Null where its code leaves it to the class.'),
      redeemedAt: column.instant().nullable(),
      endedAt: column.instant().nullable(),
      endReason: p.text().nullable(),
      forNewPerson: p
        .boolean()
        .default(false)
        .comment('Whether it takes the one slot that its person has of all codes for new persons.'),
    },
    checks: [
      {
        name: 'state_and_instants',
        expression: `case state
            when 'held' then redeemed_at is null and ended_at is null and keeps_slot
            when 'redeemed' then redeemed_at is not null and ended_at is null and keeps_slot
            when 'reversed' then redeemed_at is not null and ended_at is not null
            else redeemed_at is null and ended_at is not null and not keeps_slot
          end
          and (lapses_at is null or state in ('held', 'lapsed'))`,
      },
    ],
    indexes: [
      {
        // An order has one redemption of a code.
        name: 'redemption_of_order',
        expression: `create unique index redemption_of_order on redemption (order_id, code_id) where order_id is not null`,
      },
      {
        // A conversion has one redemption of a code. Its id belongs to its sender.
        name: 'redemption_of_conversion',
        expression: `create unique index redemption_of_conversion on redemption (conversion_id, code_id, sender) where conversion_id is not null`,
      },
      {
        name: 'redemption_lapsing',
        properties: ['lapsesAt'],
        where: `state = 'held' and lapses_at is not null`,
      },
      { name: 'redemption_held', properties: ['codeId'], where: `state = 'held'` },
    ],
  }),
  'alter table redemption set (fillfactor = 80)',
);

/** The journal of redemptions and reversals. */
export const RedemptionEntryEntity = completedBySql(
  defineEntity({
    name: 'RedemptionEntry',
    tableName: 'redemption_entry',
    comment:
      'The journal. Append-only: redemptions and reversals, numbered without gaps per code. Analytics reads nothing else.',
    properties: {
      codeId: p.uuid().primary(),
      entryNo: column.bigint().primary(),
      kind: column.oneOf<EntryKind>().check(`kind in ('redeemed', 'reversed')`),
      redemptionId: p.uuid(),
      personId: p.uuid(),
      offerId: p.text().nullable(),
      benefitKind: column.oneOf<CodeKind>(),
      benefitMinor: column.bigint(),
      currency: p.text().nullable(),
      revenueMinor: column.bigint().default(0),
      conversionId: p.text().nullable(),
      orderId: p.uuid().nullable(),
      appliedAt: column.instant().nullable(),
      at: column.instant(),
    },
    indexes: [
      {
        // A list of the redemptions of a code finds a page by counting the reversals below it, which are few.
        name: 'redemption_entry_reversed',
        properties: ['codeId', 'entryNo'],
        where: `kind = 'reversed'`,
      },
    ],
  }),
  `create trigger redemption_entry_guard before update or delete on redemption_entry
     for each row execute function redemption_entry_guard()`,
);

/** The slots of a code that each person has. */
export const PersonUsageEntity = completedBySql(
  defineEntity({
    name: 'PromoCodePersonUsage',
    tableName: 'promo_code_person_usage',
    comment: 'How many slots of a code each person has, holds included.',
    properties: {
      codeId: p.uuid().primary(),
      personId: p.uuid().primary(),
      uses: column.bigint().check('uses >= 0'),
    },
    indexes: [{ name: 'promo_code_person_usage_of_person', properties: ['personId'] }],
  }),
  'alter table promo_code_person_usage set (fillfactor = 80)',
);

/** The slot that each person has of all codes for new persons together. */
export const NewPersonUsageEntity = completedBySql(
  defineEntity({
    name: 'NewPersonUsage',
    tableName: 'new_person_usage',
    comment: 'Whether each person holds or has used a code for new persons: one slot over all such codes.',
    properties: {
      personId: p.uuid().primary(),
      uses: column.bigint().check('uses between 0 and 1'),
    },
  }),
  'alter table new_person_usage set (fillfactor = 80)',
);

/** The slots of a code that are taken for each offer. */
export const OfferUsageEntity = completedBySql(
  defineEntity({
    name: 'PromoCodeOfferUsage',
    tableName: 'promo_code_offer_usage',
    properties: {
      codeId: p.uuid().primary(),
      offerId: column.ascii().primary(),
      uses: column.bigint().check('uses >= 0'),
    },
  }),
  'alter table promo_code_offer_usage set (fillfactor = 50)',
);
