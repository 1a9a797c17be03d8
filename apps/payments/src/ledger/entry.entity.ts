import { defineEntity, p } from '@mikro-orm/postgresql';
import { column } from '#persistence/entities/columns.js';
import { completedBySql } from '#persistence/entities/completed-by-sql.js';

/** One of the two entries of a posted transfer, in its account: written once, never changed. */
export const EntryEntity = completedBySql(
  defineEntity({
    name: 'Entry',
    tableName: 'entry',
    properties: {
      accountId: column.bigint().primary(),
      version: column.bigint().primary(),
      amountMinor: column.bigint().check('amount_minor <> 0').comment('Credits are positive, debits negative.'),
      balanceAfterMinor: column.bigint(),
      transferId: p.uuid(),
      postedAt: column.instant(),
    },
  }),
  'create trigger entry_guard before update or delete on entry for each row execute function entry_guard()',
  'create trigger entry_keep before truncate on entry for each statement execute function entry_guard()',
);
