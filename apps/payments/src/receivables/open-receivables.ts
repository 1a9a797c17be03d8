import { Injectable } from '@nestjs/common';
import type { orderOpened } from '#contracts/orders.js';
import { Clock } from '#kernel/clock.js';
import { Inbox } from '#messaging/consuming/inbox.js';
import type { EnvelopeOf } from '#messaging/envelope.js';
import { type Sql, Transactions } from '#persistence/transaction.js';
import { movementSet } from '../ledger/movement-set.js';
import { type OrderEvent, orderEventOf } from './order-events.js';

/** Opens the receivables of orders that were opened, and reserves what their persons have already. */
@Injectable()
export class OpenReceivables {
  constructor(
    private readonly transactions: Transactions,
    private readonly inbox: Inbox,
    private readonly clock: Clock,
  ) {}

  async execute(batch: readonly EnvelopeOf<typeof orderOpened>[]): Promise<void> {
    await this.transactions.run(async (tx) => {
      const fresh = await this.inbox.admit(tx, 'open-receivables', batch);
      if (fresh.length === 0) return;
      await openReceivables(
        tx,
        fresh.map((envelope) => orderEventOf(envelope)),
        this.clock.now(),
      );
    });
  }
}

/**
 * Opens the receivables of these orders and reserves what their persons have already; a repeat changes nothing. Takes
 * the ledger's lock until the transaction ends.
 */
export async function openReceivables(tx: Sql, orders: readonly OrderEvent[], at: Temporal.Instant): Promise<void> {
  await tx.query('select open_receivables($1, $2)', [movementSet('order_event', orders), at]);
}
