import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import type { RequestOf } from '#contracts/contract.js';
import type { openDiscountedOrder } from '#contracts/subscriptions/orders.js';
import { Refusal } from '#kernel/refusal.js';
import { zip } from '#kernel/zip.js';
import type { Command, Reply, Unavailable } from '#messaging/envelope.js';
import { ServiceUnavailable } from '#messaging/faults.js';
import type { OrderView } from '../order-view.js';
import { HoldDiscounts } from './hold-discounts.js';
import { type DiscountHold, OpenOrder } from './open-order.js';
import { PriceDrafts } from './price-drafts.js';
import { VoidDrafts } from './void-drafts.js';

type Request = RequestOf<typeof openDiscountedOrder>;

interface Holds {
  /** By command id. A command that has a stored reply, or no answer from promotions, has none. */
  readonly holds: ReadonlyMap<string, DiscountHold>;
  /** Orders that promotions may hold discounts for. */
  readonly mayBeHeld: ReadonlySet<string>;
  /** By command id: promotions did not answer. */
  readonly unavailable: ReadonlyMap<string, Unavailable>;
}

/**
 * Opens orders with promo codes: drafts and prices each order, has promotions hold every code, and opens the order for
 * the rest of the price. No transaction waits for promotions. After a crash at any point, holds and order still exist
 * together or not at all: a repeat of the command finds its draft and thereby its hold; a refused order releases its
 * hold; and promotions lets a hold lapse only after it has voided the draft (void-drafts.ts).
 */
@Injectable()
export class OpenDiscountedOrder implements BeforeApplicationShutdown {
  private readonly logger = new Logger(OpenDiscountedOrder.name);
  private readonly releasing = new Set<Promise<void>>();

  constructor(
    private readonly priceDrafts: PriceDrafts,
    private readonly holdDiscounts: HoldDiscounts,
    private readonly openOrder: OpenOrder,
    private readonly voidDrafts: VoidDrafts,
  ) {}

  /** @throws TransientFault when a hold has lapsed meanwhile: the retry drafts another order */
  async execute(batch: readonly Command<Request>[]): Promise<(Reply<OrderView> | Unavailable)[]> {
    const { holds, mayBeHeld, unavailable } = await this.hold(batch);
    const clear = batch.filter(({ id }) => !unavailable.has(id));
    const replies = await this.openOrder.execute(clear, holds);
    const opened = new Set(replies.flatMap((reply) => ('answer' in reply ? [reply.answer.order_id] : [])));
    this.releaseLater([...mayBeHeld].filter((orderId) => !opened.has(orderId)));
    const replyTo = new Map<Command<Request>, Reply<OrderView> | Unavailable>(zip(clear, replies));
    return batch.map((command) => replyTo.get(command) ?? (unavailable.get(command.id) as Unavailable));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.releasing);
  }

  /**
   * A draft that promotions did not answer for stays: a repeat of the command finds it, and with it the hold that may
   * exist. So a repeat that is refused may also have a hold, from its first attempt.
   */
  private async hold(batch: readonly Command<Request>[]): Promise<Holds> {
    const drafts = await this.priceDrafts.execute(batch);
    const holds = new Map<string, DiscountHold>();
    const mayBeHeld = new Set<string>();
    const unavailable = new Map<string, Unavailable>();
    // All requests settle before the first failure is thrown: none continues in the background.
    const outcomes = await Promise.allSettled(drafts.map((draft) => this.holdDiscounts.hold(draft)));
    for (const [{ command, request, isNew }, outcome] of zip(drafts, outcomes)) {
      if (outcome.status === 'fulfilled') {
        holds.set(command.id, { orderId: request.orderId, held: outcome.value });
        if (!isNew || !(outcome.value instanceof Refusal)) mayBeHeld.add(request.orderId);
      } else if (outcome.reason instanceof ServiceUnavailable)
        unavailable.set(command.id, { unavailable: outcome.reason.message });
      else throw outcome.reason;
    }
    return { holds, mayBeHeld, unavailable };
  }

  /** Releases after the reply, with one attempt: a hold that is not released lapses by itself. */
  private releaseLater(orderIds: readonly string[]): void {
    if (orderIds.length === 0) return;
    const released = this.release(orderIds).catch((error: unknown) => {
      this.logger.warn({ err: error, orders: orderIds.length }, 'discount holds were not released and will lapse');
    });
    this.releasing.add(released);
    released.finally(() => this.releasing.delete(released));
  }

  /**
   * A refused order can exist nevertheless: a command with the same id and another body finds the same draft, and is
   * refused after the first body opened the order. Voiding waits for that transaction; such an order keeps its hold.
   */
  private async release(orderIds: readonly string[]): Promise<void> {
    const existing = await this.voidDrafts.execute(orderIds);
    const voided = orderIds.filter((orderId) => !existing.has(orderId));
    await Promise.all(voided.map((orderId) => this.holdDiscounts.release(orderId)));
  }
}
