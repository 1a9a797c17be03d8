import { Injectable } from '@nestjs/common';
import type { orderClosed } from '#contracts/subscriptions/orders.js';
import { Clock } from '#kernel/clock.js';
import { Inbox } from '#messaging/consuming/inbox.js';
import type { EnvelopeOf } from '#messaging/envelope.js';
import { Transactions } from '#persistence/transaction.js';
import { ConversionsStore } from './conversions.store.js';
import { type Conversion, keyOf } from './domain/conversion.js';
import { EarnBonuses } from './earn-bonuses.js';

/**
 * Handles closed orders: each is a conversion of its class under the order id, and redeems the bonus codes that its
 * person applied. An order that renews a subscription is none: the first one completed the class. Stores only orders
 * that a code was attempted for, so that they can be reversed; most persons have none.
 */
@Injectable()
export class ConvertOrders {
  constructor(
    private readonly transactions: Transactions,
    private readonly inbox: Inbox,
    private readonly conversions: ConversionsStore,
    private readonly earnBonuses: EarnBonuses,
    private readonly clock: Clock,
  ) {}

  async execute(batch: readonly EnvelopeOf<typeof orderClosed>[]): Promise<void> {
    await this.transactions.run(async (tx) => {
      const closed = await this.inbox.admit(tx, 'convert-orders', batch);
      if (closed.length === 0) return;
      // Two messages may concern one order, and an admin may have used its id.
      const first = closed.filter(({ data }) => data.period === undefined);
      const orders = new Map(first.map((envelope) => [envelope.data.order_id, conversionOf(envelope)]));
      const recorded = await this.conversions.find([...orders.values()], tx);
      const fresh = [...orders.values()].filter((conversion) => !recorded.has(keyOf(conversion)));
      const at = this.clock.now();
      const earnings = await this.earnBonuses.execute(tx, fresh, at);
      const earning = fresh.filter((conversion) => {
        const { redemptions, refusals } = earnings.get(keyOf(conversion)) ?? { redemptions: [], refusals: [] };
        return redemptions.length + refusals.length > 0;
      });
      if (earning.length === 0) return;
      await this.conversions.add(tx, earning, at);
      await this.conversions.answer(tx, earning, earnings);
    });
  }
}

function conversionOf(envelope: EnvelopeOf<typeof orderClosed>): Conversion {
  const { data } = envelope;
  return {
    id: data.order_id,
    sender: null,
    personId: data.person_id,
    offerId: data.class_id,
    payoutMinor: data.amount_minor,
    currency: data.currency,
    occurredAt: Temporal.Instant.from(data.closed_at),
    orderId: data.order_id,
    cause: envelope,
  };
}
