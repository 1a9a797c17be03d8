import { defineEntity, p } from '@mikro-orm/postgresql';
import { among, column } from '#persistence/entities/columns.js';
import { completedBySql } from '#persistence/entities/completed-by-sql.js';
import { handProviders } from './domain/payment-correction.js';

/** A balance that was paid out to its person. Written once. */
export const PayoutEntity = completedBySql(
  defineEntity({
    name: 'Payout',
    tableName: 'payout',
    properties: {
      id: p.uuid().primary(),
      personId: p.uuid(),
      amountMinor: column.bigint().check('amount_minor between 1 and 1000000000000'),
      currency: column.ascii(),
      method: p.text().check(among('method', handProviders)),
      reason: p.text(),
      author: p.text(),
      recordedAt: column.instant(),
    },
  }),
  'create trigger payout_guard before update or delete on payout for each row execute function correction_guard()',
  'create trigger payout_keep before truncate on payout for each statement execute function correction_guard()',
);
