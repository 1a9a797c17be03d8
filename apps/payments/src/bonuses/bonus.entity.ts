import { defineEntity, p } from '@mikro-orm/postgresql';
import { column } from '#persistence/entities/columns.js';
import { completedBySql } from '#persistence/entities/completed-by-sql.js';

/** A bonus of promotions. One that was reversed before it was earned leaves its row here, and then moves nothing. */
export const BonusEntity = completedBySql(
  defineEntity({
    name: 'Bonus',
    tableName: 'bonus',
    properties: {
      id: p.uuid().primary(),
      personId: p.uuid(),
      amountMinor: column.bigint().check('amount_minor between 1 and 1000000000000'),
      currency: column.ascii(),
      grantedAt: column.instant().nullable(),
      reversedAt: column.instant().nullable(),
      reason: p.text().nullable(),
      owedMinor: column
        .bigint()
        .default(0)
        .comment('What the person did not have when it was reversed, and owes us since.'),
    },
    checks: [
      { name: 'bonus_owed_at_most_all', expression: 'owed_minor between 0 and amount_minor' },
      { name: 'bonus_granted_or_reversed', expression: 'granted_at is not null or reversed_at is not null' },
      { name: 'bonus_reversed_with_reason', expression: '(reversed_at is null) = (reason is null)' },
      {
        name: 'bonus_owed_once_reversed',
        expression: 'owed_minor = 0 or granted_at is not null and reversed_at is not null',
      },
    ],
  }),
  'alter table bonus set (fillfactor = 80)',
);
