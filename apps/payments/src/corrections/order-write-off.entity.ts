import { defineEntity, p } from '@mikro-orm/postgresql';
import { column } from '#persistence/entities/columns.js';
import { completedBySql } from '#persistence/entities/completed-by-sql.js';

/** What an admin wrote off of an order that was short. Written once. */
export const OrderWriteOffEntity = completedBySql(
  defineEntity({
    name: 'OrderWriteOff',
    tableName: 'order_write_off',
    properties: {
      orderId: p.uuid().primary(),
      amountMinor: column.bigint().check('amount_minor between 1 and 1000000000000'),
      reason: p.text(),
      author: p.text(),
      recordedAt: column.instant(),
    },
  }),
  `create trigger order_write_off_guard before update or delete on order_write_off
   for each row execute function correction_guard()`,
  `create trigger order_write_off_keep before truncate on order_write_off
   for each statement execute function correction_guard()`,
);
