import { defineEntity, p } from '@mikro-orm/postgresql';
import { among, column } from '#persistence/entities/columns.js';
import { completedBySql } from '#persistence/entities/completed-by-sql.js';
import { type ReceivableState, receivableStates } from './domain/receivable.js';

/** What a person owes for an order: open → reserved → settled, or → withdrawn. */
export const ReceivableEntity = completedBySql(
  defineEntity({
    name: 'Receivable',
    tableName: 'receivable',
    comment:
      'Events of an order come in any order: an end that comes first adds the row, and the opening then changes nothing.',
    properties: {
      orderId: p.uuid().primary(),
      personId: p.uuid(),
      classId: p.uuid(),
      amountMinor: column.bigint().check('amount_minor between 0 and 1000000000000'),
      currency: column.ascii(),
      state: column.oneOf<ReceivableState>().check(among('state', receivableStates)),
      openedAt: column.instant(),
      resolvedAt: column.instant().nullable(),
      reason: p.text().nullable(),
      toleranceMinor: column
        .bigint()
        .default(0)
        .comment('What may be missing when it is reserved; the difference is written off.'),
    },
    checks: [{ name: 'receivable_tolerance', expression: 'tolerance_minor between 0 and amount_minor' }],
    indexes: [
      {
        // In the order in which money reaches them; those that were paid are not in the way.
        name: 'receivable_waiting',
        properties: ['personId', 'currency', 'openedAt', 'orderId'],
        where: `state = 'open'`,
      },
      { name: 'receivable_open_amount', properties: ['amountMinor', 'currency', 'openedAt'], where: `state = 'open'` },
    ],
  }),
  'alter table receivable set (fillfactor = 80)',
);
