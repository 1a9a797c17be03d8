import { defineEntity, p } from '@mikro-orm/postgresql';
import { column } from '#persistence/entities/columns.js';
import { completedBySql } from '#persistence/entities/completed-by-sql.js';
import type { Movement } from './domain/posting.js';

/** pending → posted | voided; or posted at once. */
export const transferStates = ['pending', 'posted', 'voided'] as const;
export type TransferState = (typeof transferStates)[number];

/** Money that moves from one account to another: written once, and then posted or voided, once. */
export const TransferEntity = completedBySql(
  defineEntity({
    name: 'Transfer',
    tableName: 'transfer',
    comment: 'Room on each page, so that a resolution stays there (HOT) and no index is written.',
    properties: {
      id: p.uuid().primary(),
      sourceKey: column
        .ascii()
        .nullable()
        .comment('What moved the money, once. Null: the payment that has the id of the transfer.'),
      movement: column.oneOf<Movement>(),
      debitAccount: column.bigint(),
      creditAccount: column.bigint(),
      amountMinor: column.bigint(),
      currency: p.text(),
      state: column.oneOf<TransferState>(),
      orderId: p.uuid().nullable(),
      paymentId: p.uuid().nullable(),
      correctionOf: p.uuid().nullable(),
      createdAt: column.instant(),
      resolvedAt: column.instant().nullable(),
    },
    indexes: [
      { name: 'transfer_of_order', properties: ['orderId'], where: 'order_id is not null' },
      // The transfer that registers a payment has the id of the payment, and is not written here.
      { name: 'transfer_of_payment', properties: ['paymentId'], where: `movement <> 'register-payment'` },
      { name: 'transfer_reserved_from', properties: ['debitAccount', 'createdAt'], where: `movement = 'reserve'` },
    ],
    checks: [
      {
        // Postgres reads and plans each check anew in every statement that writes the table, so one says all it can.
        name: 'transfer_sound',
        expression: `debit_account <> credit_account and amount_minor between 1 and 1000000000000
          and (resolved_at is null and state = 'pending' or resolved_at is not null and state in ('posted', 'voided'))`,
      },
      {
        name: 'transfer_source_key_or_payment',
        expression: `source_key is not null or movement = 'register-payment'`,
      },
    ],
  }),
  'alter table transfer set (fillfactor = 50)',
  'create unique index transfer_source on transfer (source_key) where source_key is not null',
  `create trigger transfer_guard before update on transfer for each row
   when (old.state <> 'pending' or new.state not in ('posted', 'voided')
     or (new.id, new.source_key, new.movement, new.debit_account, new.credit_account, new.amount_minor, new.currency,
         new.order_id, new.payment_id, new.correction_of, new.created_at)
       is distinct from
        (old.id, old.source_key, old.movement, old.debit_account, old.credit_account, old.amount_minor, old.currency,
         old.order_id, old.payment_id, old.correction_of, old.created_at))
   execute function transfer_guard()`,
  'create trigger transfer_stays before delete on transfer for each row execute function transfer_guard()',
  'create trigger transfer_keep before truncate on transfer for each statement execute function entry_guard()',
);
