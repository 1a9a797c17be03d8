import { sql } from 'kysely';
import type { Tx } from '#persistence/transaction.js';
import { AccountEntity } from '../../ledger/account.entity.js';
import { personAccount } from '../../ledger/domain/posting.js';
import { movementRecords } from '../../ledger/movement-records.js';
import { TransferEntity } from '../../ledger/transfer.entity.js';
import type { Reservation } from '../domain/reservation.js';

/** A person's money in one currency. */
export interface Owner {
  readonly personId: string;
  readonly currency: string;
}

/** What is reserved of these persons' money, the newest first, beside whose it is. */
export async function readReservations(tx: Tx, owners: readonly Owner[]): Promise<(Reservation & Owner)[]> {
  if (owners.length === 0) return [];
  const accounts = owners.map(({ personId, currency }) => personAccount(personId, currency));
  return (
    tx
      .kysely(TransferEntity, AccountEntity)
      .selectFrom('transfer')
      .innerJoin('account', 'account.id', 'transfer.debitAccount')
      .select(['account.owner as personId', 'account.currency'])
      .select(['transfer.id as transferId', 'transfer.amountMinor', 'transfer.paymentId'])
      .select(({ ref }) => ref('transfer.orderId').$notNull().as('orderId'))
      .where(
        'transfer.debitAccount',
        '=',
        sql<number>`any (array(
          select a.id
          from json_to_recordset(${movementRecords(accounts)}) k (kind text, owner text, currency text)
          cross join lateral (
            select * from account w where w.owner = k.owner and w.kind = k.kind and w.currency = k.currency offset 0
          ) a))`,
      )
      // The condition of the partial index, word for word.
      .where(sql<boolean>`transfer.movement = 'reserve'`)
      .where('transfer.state', '=', 'pending')
      .orderBy('transfer.createdAt', 'desc')
      .orderBy('transfer.id', 'desc')
      .execute()
  );
}
