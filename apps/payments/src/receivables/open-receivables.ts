import { Injectable } from '@nestjs/common';
import type { orderOpened } from '#contracts/subscriptions/orders.js';
import { Clock } from '#kernel/clock.js';
import { Inbox } from '#messaging/consuming/inbox.js';
import type { EnvelopeOf } from '#messaging/envelope.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { lockLedger } from '../ledger/lock-ledger.js';
import { movementSet } from '../ledger/movement-set.js';
import { allocatePayments } from '../suspense/allocate-payments.js';
import { matchOf, type PaymentMatchRow } from '../suspense/payment-match-row.js';
import { fundByPayments } from './funding/fund-by-payments.js';
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
 * Opens the receivables of these orders and reserves what their persons have already; a repeat changes nothing.
 * Takes the ledger's lock until the transaction ends.
 */
export async function openReceivables(tx: Tx, orders: readonly OrderEvent[], at: Temporal.Instant): Promise<void> {
  const rows = await tx.query<PaymentMatchRow>(
    'select m.payment_id, m.person_id, (m.cause).* from open_receivables($1, $2) m',
    [movementSet('order_event', orders), at],
  );
  if (rows.length === 0) return;
  // Money in suspense named one of these orders or persons: it moves before anything is reserved. The lock is held
  // already; what follows is planned by its settings.
  await lockLedger(tx);
  const allocated = await allocatePayments(tx, rows.map(matchOf), at);
  const opened = orders.map(({ personId, currency, cause }) => ({ personId, currency, cause }));
  await fundByPayments(tx, allocated, at, opened);
}
