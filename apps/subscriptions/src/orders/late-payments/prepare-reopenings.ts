import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { Refusal } from '#kernel/refusal.js';
import { zip } from '#kernel/zip.js';
import { ServiceUnavailable, TransientFault } from '#messaging/faults.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { totalOf } from '../../classes/domain/discounted-price.js';
import { HoldDiscounts } from '../opening/hold-discounts.js';
import { OrderDraftsStore } from '../opening/order-drafts.store.js';
import { OrdersStore } from '../orders.store.js';
import { type EndedOrder, type LatePayment, mayReplace } from './domain/late-payment.js';

/** A late payment with the order that it names, and the id and codes of the order that may replace it. */
export interface PreparedReopening {
  readonly payment: LatePayment;
  readonly order: EndedOrder;
  /** The id of the drafted replacement. */
  readonly orderId: string;
  /** Why the codes cannot be held again with the same discounts. */
  readonly refusal: Refusal | null;
}

type Draft = Omit<PreparedReopening, 'refusal'>;

/**
 * Holds the promo codes of expired orders once more, before any lock is taken. A draft fixes the id of the replacement,
 * so that a repeat after a crash gets the same hold, and so that promotions can void it.
 */
@Injectable()
export class PrepareReopenings {
  private readonly logger = new Logger(PrepareReopenings.name);

  constructor(
    private readonly transactions: Transactions,
    private readonly orders: OrdersStore,
    private readonly drafts: OrderDraftsStore,
    private readonly discounts: HoldDiscounts,
    private readonly clock: Clock,
  ) {}

  /** A payment whose codes cannot be held at this moment is left out: the next sweep prepares it again. */
  async prepare(payments: readonly LatePayment[]): Promise<PreparedReopening[]> {
    const orders = await this.orders.find(payments.map(({ orderId }) => orderId));
    const drafts = await this.transactions.run((tx) =>
      this.drafts.draft(
        tx,
        payments.map(({ id }) => commandIdOf(id)),
        this.clock.now(),
      ),
    );
    const drafted = payments.flatMap((payment) => {
      const order = orders.get(payment.orderId) as EndedOrder | undefined;
      const draft = drafts.get(commandIdOf(payment.id));
      return order && draft ? [{ payment, order, orderId: draft.orderId }] : [];
    });
    const held = await Promise.all(drafted.map((draft) => this.hold(draft)));
    return zip(drafted, held).flatMap(([draft, refusal]) => (refusal === 'later' ? [] : [{ ...draft, refusal }]));
  }

  /** Takes the drafts of those replacements that were not voided meanwhile. */
  async take(tx: Tx, prepared: readonly PreparedReopening[]): Promise<PreparedReopening[]> {
    const taken = await this.drafts.take(
      tx,
      prepared.map(({ orderId }) => orderId),
    );
    return prepared.filter(({ orderId }) => taken.has(orderId));
  }

  /** Releases what is held for replacements that were not opened. With one attempt: a hold lapses by itself. */
  async release(prepared: readonly PreparedReopening[]): Promise<void> {
    const discounted = prepared.filter(({ order }) => order.discounts.length > 0);
    const released = await Promise.allSettled(discounted.map(({ orderId }) => this.discounts.release(orderId)));
    const failed = released.filter(({ status }) => status === 'rejected');
    if (failed.length > 0)
      this.logger.warn({ orders: failed.length }, 'discount holds were not released and will lapse');
  }

  /** Null when the codes are held with the same discounts, or when there are none. */
  private async hold({ payment, order, orderId }: Draft): Promise<Refusal | null | 'later'> {
    if (order.discounts.length === 0 || !mayReplace(order, payment)) return null;
    const price = { amountMinor: order.amountMinor + totalOf(order.discounts), currency: order.currency };
    const codes = order.discounts.map(({ code }) => code);
    try {
      const held = await this.discounts.holdCodes({ ...order, orderId, price, codes, isNew: true });
      if (held instanceof Refusal) return held;
      if (totalOf(held.discounts) === totalOf(order.discounts)) return null;
      return new Refusal('PRICE_CHANGED', 'The promo codes have other discounts now.');
    } catch (error) {
      if (error instanceof ServiceUnavailable || error instanceof TransientFault) return 'later';
      throw error;
    }
  }
}

function commandIdOf(id: string): string {
  return `late-payment ${id}`;
}
