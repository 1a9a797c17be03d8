import { Injectable } from '@nestjs/common';
import type { ResponseOf } from '#contracts/contract.js';
import type { getOrderMoney } from '#contracts/payments/payments.js';
import { Transactions } from '#persistence/transaction.js';
import { PaymentsStore } from '../payments/payments.store.js';
import { explain, type ReceivableState } from '../receivables/domain/receivable.js';

type OrderMoney = ResponseOf<typeof getOrderMoney>;

interface ReceivableRow {
  person_id: string;
  amount_minor: number;
  currency: string;
  state: ReceivableState;
  reason: string | null;
  available_minor: number;
  waiting_before: number;
}

interface TransferRow {
  transfer_id: string;
  movement: OrderMoney['transfers'][number]['movement'];
  state: 'pending' | 'posted' | 'voided';
  from: string;
  to: string;
  amount_minor: number;
  currency: string;
  payment_id: string | null;
  created_at: Temporal.Instant;
  resolved_at: Temporal.Instant | null;
}

/** Where the money of an order came from and went to. An order without a receivable has none. */
@Injectable()
export class ReadOrderMoney {
  constructor(
    private readonly transactions: Transactions,
    private readonly payments: PaymentsStore,
  ) {}

  async execute(orderId: string): Promise<OrderMoney> {
    const [receivable, payments, transfers] = await Promise.all([
      this.receivable(orderId),
      this.payments.ofOrder(this.transactions, orderId),
      this.transfers(orderId),
    ]);
    return { order_id: orderId, receivable, payments, transfers };
  }

  private async receivable(orderId: string): Promise<OrderMoney['receivable']> {
    const [row] = await this.transactions.query<ReceivableRow>(
      `select r.person_id, r.amount_minor, r.currency, r.state, r.reason,
         coalesce((select a.available_minor from account a
           where a.owner = r.person_id::text and a.kind = 'person' and a.currency = r.currency), 0) as available_minor,
         (select count(*) from receivable o
           where o.person_id = r.person_id and o.currency = r.currency and o.state = 'open' and o.amount_minor > 0
             and (o.opened_at, o.order_id) < (r.opened_at, r.order_id)) as waiting_before
       from receivable r where r.order_id = $1`,
      [orderId],
    );
    if (!row) return null;
    const explanation = explain({
      orderId,
      personId: row.person_id,
      amountMinor: row.amount_minor,
      currency: row.currency,
      state: row.state,
      reason: row.reason,
      availableMinor: row.available_minor,
      waitingBefore: row.waiting_before,
    });
    const { person_id, amount_minor, currency, state } = row;
    return { person_id, amount_minor, currency, state, explanation };
  }

  private async transfers(orderId: string): Promise<OrderMoney['transfers']> {
    const rows = await this.transactions.query<TransferRow>(
      `select t.id as transfer_id, t.movement, t.state, t.amount_minor, t.currency, t.payment_id, t.created_at,
         t.resolved_at,
         d.kind || ' ' || d.owner as "from", c.kind || ' ' || c.owner as "to"
       from transfer t join account d on d.id = t.debit_account join account c on c.id = t.credit_account
       where t.order_id = $1 order by t.created_at, t.id limit 200`,
      [orderId],
    );
    return rows.map((row) => ({
      ...row,
      created_at: row.created_at.toString(),
      resolved_at: row.resolved_at?.toString() ?? null,
    }));
  }
}
