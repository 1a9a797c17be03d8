import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { ResponseOf } from '#contracts/contract.js';
import type { getOrderMoney } from '#contracts/payments/accounts.js';
import { Transactions } from '#persistence/transaction.js';
import { AccountEntity } from '../ledger/account.entity.js';
import { TransferEntity } from '../ledger/transfer.entity.js';
import { PaymentsStore } from '../payments/payments.store.js';
import { explain, shortfallOf } from '../receivables/domain/receivable.js';
import { ReceivableEntity } from '../receivables/receivable.entity.js';
import { ownMoney } from './domain/own-money.js';

type OrderMoney = ResponseOf<typeof getOrderMoney>;

/** Where the money of an order came from and went to. An order without a receivable has none. */
@Injectable()
export class ReadOrderMoney {
  constructor(
    private readonly transactions: Transactions,
    private readonly payments: PaymentsStore,
  ) {}

  /** @param visibleTo the person who sees only what is theirs; null for a reader who sees everything */
  async execute(orderId: string, visibleTo: string | null): Promise<OrderMoney> {
    const [receivable, payments, transfers] = await Promise.all([
      this.receivable(orderId),
      this.payments.ofOrder(this.transactions, orderId),
      this.transfers(orderId),
    ]);
    const money = { order_id: orderId, receivable, payments, transfers };
    return visibleTo === null ? money : ownMoney(money, visibleTo);
  }

  private async receivable(orderId: string): Promise<OrderMoney['receivable']> {
    const row = await this.transactions
      .kysely(ReceivableEntity)
      .selectFrom('receivable')
      .select(['orderId', 'personId', 'amountMinor', 'currency', 'state', 'reason'])
      .select(
        sql<number>`coalesce((select a.available_minor from account a
          where a.owner = receivable.person_id::text and a.kind = 'person' and a.currency = receivable.currency), 0)`.as(
          'availableMinor',
        ),
      )
      .select(
        sql<number>`coalesce((select -d.available_minor from account d
          where d.owner = receivable.person_id::text and d.kind = 'debt' and d.currency = receivable.currency), 0)`.as(
          'owedMinor',
        ),
      )
      .select(
        sql<number>`(select count(*) from receivable o
          where o.person_id = receivable.person_id and o.currency = receivable.currency and o.state = 'open'
            and o.amount_minor > 0
            and (o.opened_at, o.order_id) < (receivable.opened_at, receivable.order_id))`.as('waitingBefore'),
      )
      .where('orderId', '=', orderId)
      .executeTakeFirst();
    if (!row) return null;
    const { personId: person_id, amountMinor: amount_minor, currency, state } = row;
    const { lacksMinor: lacks_minor, balanceMinor: balance_minor, debtMinor: debt_minor } = shortfallOf(row);
    const shortfall = { lacks_minor, balance_minor, debt_minor };
    return { person_id, amount_minor, currency, state, ...shortfall, explanation: explain(row) };
  }

  private async transfers(orderId: string): Promise<OrderMoney['transfers']> {
    const rows = await this.transactions
      .kysely(TransferEntity, AccountEntity)
      .selectFrom('transfer')
      .innerJoin('account as debit', 'debit.id', 'transfer.debitAccount')
      .innerJoin('account as credit', 'credit.id', 'transfer.creditAccount')
      .select(['transfer.id as transferId', 'transfer.movement', 'transfer.state', 'transfer.amountMinor'])
      .select(['transfer.currency', 'transfer.paymentId', 'transfer.createdAt', 'transfer.resolvedAt'])
      .select(sql<string>`debit.kind || ' ' || debit.owner`.as('from'))
      .select(sql<string>`credit.kind || ' ' || credit.owner`.as('to'))
      .where('transfer.orderId', '=', orderId)
      .orderBy('transfer.createdAt')
      .orderBy('transfer.id')
      .limit(200)
      .execute();
    return rows.map((row) => ({
      transfer_id: row.transferId,
      movement: row.movement,
      state: row.state,
      from: row.from,
      to: row.to,
      amount_minor: row.amountMinor,
      currency: row.currency,
      payment_id: row.paymentId,
      created_at: row.createdAt.toString(),
      resolved_at: row.resolvedAt?.toString() ?? null,
    }));
  }
}
