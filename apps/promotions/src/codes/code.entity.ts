import { defineEntity, p } from '@mikro-orm/postgresql';
import { column } from '#persistence/entities/columns.js';
import { completedBySql } from '#persistence/entities/completed-by-sql.js';
import type { ActiveHours } from './domain/active-hours.js';
import type { CodeTerms, GiveBack, PromoCode } from './domain/code.js';

/**
 * A promo code: its rules and its counters. Every redemption locks the row first and changes the counters under the
 * lock; the checks are the last guard against a faulty line of code. No index names a counter, so that each update
 * stays on its page (HOT), where the free fifth has room for the few row versions in use at a time.
 */
export const CodeEntity = completedBySql(
  defineEntity({
    name: 'PromoCode',
    tableName: 'promo_code',
    properties: {
      id: p.uuid().primary(),
      code: p.text(),
      folded: column.ascii().comment('What people type: see foldCode. It names one code that is not archived.'),
      title: p.text().default(''),
      ownerId: p.text().nullable(),
      batchId: p.uuid().nullable(),
      kind: column.oneOf<CodeTerms['kind']>().check(`kind in ('discount', 'bonus')`),
      percentBp: p.integer().nullable().check('percent_bp between 1 and 10000'),
      amountMinor: column.bigint().nullable().check('amount_minor between 0 and 1000000000000'),
      capMinor: column.bigint().nullable().check('cap_minor >= 1'),
      minimumMinor: column.bigint().nullable().check('minimum_minor >= 0'),
      currency: p.text().nullable().comment('Null where any currency will do: a bare percentage.'),
      validFrom: column.instant().nullable(),
      validUntil: column.instant().nullable(),
      activeHours: column
        .jsonb<ActiveHours>()
        .defaultRaw(`'{"enabled": false, "start_time": "00:00", "end_time": "23:59", "timezone": "UTC"}'`),
      days: p
        .array(Number)
        .$type<readonly number[]>()
        .columnType('smallint[]')
        .nullable()
        .comment('ISO weekdays (1 is Monday) on which the hours may open; null is every day.'),
      maxUses: column.bigint().nullable().check('max_uses >= 0'),
      maxUsesPerPerson: column.bigint().nullable().check('max_uses_per_person >= 0'),
      maxUsesPerOffer: column.bigint().nullable().check('max_uses_per_offer >= 0'),
      budgetMinor: column.bigint().nullable().check('budget_minor >= 0'),
      offersRule: column
        .oneOf<CodeTerms['offersRule']>()
        .default('all')
        .check(`offers_rule in ('all', 'some', 'all_but')`),
      offers: column.texts().defaultRaw(`'{}'`),
      audience: column
        .oneOf<CodeTerms['audience']>()
        .default('everyone')
        .check(`audience in ('everyone', 'listed', 'new_persons')`),
      stacking: column
        .oneOf<CodeTerms['stacking']>()
        .default('exclusive')
        .check(`stacking in ('exclusive', 'combinable')`),
      precedence: p.integer().default(0),
      autoDeactivateOnMaxUses: p.boolean().default(true),
      countsOn: column
        .oneOf<CodeTerms['countsOn']>()
        .default('conversion')
        .check(`counts_on in ('apply', 'conversion')`),
      holdHours: p.integer().nullable().check('hold_hours between 1 and 8760'),
      holdPastValidity: p.boolean().default(false),
      giveBack: column
        .jsonb<GiveBack>()
        .defaultRaw(`'{"cancel": true, "refund": true, "fraud": false, "chargeback": false}'`),
      status: column
        .oneOf<PromoCode['status']>()
        .default('draft')
        .check(`status in ('draft', 'active', 'paused', 'expired', 'archived')`),
      autoDeactivatedAt: column.instant().nullable(),
      deactivationAnnouncedAt: column.instant().nullable(),
      used: column
        .bigint()
        .default(0)
        .check('used >= 0')
        .comment('Redemptions that keep their slot. Holds are counted in held.'),
      held: column.bigint().default(0).check('held >= 0'),
      givenMinor: column
        .bigint()
        .default(0)
        .check('given_minor >= 0')
        .comment('The benefits of the redemptions in used. The benefits of holds are in held_minor.'),
      heldMinor: column.bigint().default(0).check('held_minor >= 0'),
      lastEntry: column
        .bigint()
        .default(0)
        .comment(
          'The number of the newest journal entry. Assigned under the lock of this row: all below are committed.',
        ),
      version: p
        .integer()
        .default(1)
        .comment('The version of the rules: rises with each edit, never with a redemption.'),
      firstUsedAt: column.instant().nullable(),
      createdAt: column.instant(),
      updatedAt: column.instant(),
      createdBy: p.text(),
    },
    checks: [
      { name: 'one_benefit', expression: '(percent_bp is null) <> (amount_minor is null)' },
      {
        name: 'money_has_currency',
        expression:
          'currency is not null or amount_minor is null and cap_minor is null and minimum_minor is null and budget_minor is null',
      },
      { name: 'valid_in_order', expression: 'valid_from < valid_until' },
      { name: 'uses_within_limit', expression: 'used + held <= max_uses' },
      { name: 'money_within_budget', expression: 'given_minor + held_minor <= budget_minor' },
      {
        name: 'active_hours_are_whole',
        expression: `jsonb_exists_all(jsonb_strip_nulls(active_hours), array['enabled', 'start_time', 'end_time', 'timezone'])`,
      },
    ],
    indexes: [
      {
        // Any number of archived codes have a text. The code that is not archived comes first, then the newest.
        name: 'promo_code_text',
        expression: `create unique index promo_code_text
          on promo_code (folded, (case when status = 'archived' then id end) desc) nulls not distinct`,
      },
      {
        // For the list in the order of the texts: only archived codes may have the same text.
        name: 'promo_code_archived',
        properties: ['folded', 'id'],
        where: `status = 'archived'`,
      },
      { name: 'promo_code_of_owner', properties: ['ownerId', 'id'], where: 'owner_id is not null' },
      {
        // The codes of a batch stand together, in the order of their creation, so this index costs next to nothing.
        name: 'promo_code_of_batch',
        expression: 'create index promo_code_of_batch on promo_code using brin (batch_id) with (pages_per_range = 16)',
      },
      {
        // For the sweep that expires codes. A redemption changes none of its columns.
        name: 'promo_code_expiring',
        properties: ['validUntil'],
        where: `status = 'active' and valid_until is not null`,
      },
      {
        // Used codes are found apart: analytics reads only those.
        name: 'promo_code_used',
        properties: ['id'],
        where: 'first_used_at is not null',
      },
      {
        // For the sweep that announces deactivations: finds a few codes among millions.
        name: 'promo_code_unannounced',
        properties: ['autoDeactivatedAt'],
        where: 'auto_deactivated_at is not null and deactivation_announced_at is null',
      },
    ],
  }),
  'alter table promo_code set (fillfactor = 80)',
);

export const CodePersonEntity = defineEntity({
  name: 'PromoCodePerson',
  tableName: 'promo_code_person',
  comment: 'The persons who may use a code with the audience "listed".',
  properties: {
    codeId: p.manyToOne(CodeEntity).mapToPk().fieldName('code_id').primary(),
    personId: p.uuid().primary(),
  },
  indexes: [{ name: 'promo_code_person_of_person', properties: ['personId'] }],
});

export const CodeChangeEntity = defineEntity({
  name: 'PromoCodeChange',
  tableName: 'code_change',
  comment: 'The audit trail: one row for each version of the rules of a code after the first.',
  properties: {
    codeId: p.manyToOne(CodeEntity).mapToPk().fieldName('code_id').primary(),
    version: p.integer().primary(),
    changedBy: p.text(),
    at: column.instant(),
    before: column.jsonb<Readonly<Record<string, unknown>>>(),
    after: column.jsonb<Readonly<Record<string, unknown>>>(),
  },
});
