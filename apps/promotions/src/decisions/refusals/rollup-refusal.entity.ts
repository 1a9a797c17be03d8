import { defineEntity, p } from '@mikro-orm/postgresql';
import { column } from '#persistence/entities/columns.js';
import { completedBySql } from '#persistence/entities/completed-by-sql.js';

/** The sums of refusals. Those that it does not include yet are rows of `refusal_not_rolled_up`. */
export const RollupRefusalEntity = completedBySql(
  defineEntity({
    name: 'RollupRefusal',
    tableName: 'rollup_refusal',
    comment: 'Refusals per code, day of UTC and reason.',
    properties: {
      codeId: p.uuid().primary(),
      day: column.day().primary(),
      reason: column.ascii().primary(),
      refusals: column.bigint().check('refusals > 0'),
    },
  }),
  'alter table rollup_refusal set (fillfactor = 80)',
);
