import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import type { RequestOf } from '#contracts/contract.js';
import type { openDiscountedOrder } from '#contracts/orders.js';
import { holdUses, releaseUses } from '#contracts/promo-uses.js';
import { Clock } from '#kernel/clock.js';
import type { Money } from '#kernel/money.js';
import { Refusal } from '#kernel/refusal.js';
import type { Command, Reply, Unavailable } from '#messaging/envelope.js';
import { ServiceUnavailable, TransientFault } from '#messaging/faults.js';
import { RpcClient } from '#messaging/requests/rpc-client.js';
import { Transactions } from '#persistence/transaction.js';
import { type HeldDiscounts, type OrderRequest, priceChanged, SeatAllocator } from '../domain/seat-allocator.js';
import type { OrderView } from '../order-view.js';
import { type DiscountHold, OpenOrder } from './open-order.js';
import { OpeningContextReader } from './opening-context.js';
import { OrderDraftsStore } from './order-drafts.store.js';
import { VoidDrafts } from './void-drafts.js';

type Request = RequestOf<typeof openDiscountedOrder>;

/** A drafted order, and what it would cost; or why it is not to be. */
interface PricedDraft {
  readonly command: Command<Request>;
  readonly wish: OrderRequest;
  readonly price: Money | Refusal;
  /** Nobody asked promotions for this order before. */
  readonly isNew: boolean;
}

/** Well below the time that whoever ordered waits. */
const holdTimeoutMs = 3_000;
/** A draft that nobody came back for is forgone. */
const draftsKeptHours = 24;

/**
 * Opens orders with promo codes: drafts each order and looks what it would cost, lets promotions hold a use of every
 * code, and opens it for the rest. No transaction waits for promotions. Whatever dies in between, the uses and the
 * order stand or fall together: a repeat of the command finds its draft and thereby its hold, an order that is refused
 * gives the hold back, and promotions lets no hold lapse without having forgone its order (forgo-order.ts).
 */
@Injectable()
export class OpenDiscountedOrder implements BeforeApplicationShutdown {
  private readonly logger = new Logger(OpenDiscountedOrder.name);
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    private readonly transactions: Transactions,
    private readonly drafts: OrderDraftsStore,
    private readonly floor: OpeningContextReader,
    private readonly rpc: RpcClient,
    private readonly openOrder: OpenOrder,
    private readonly voidDrafts: VoidDrafts,
    private readonly clock: Clock,
  ) {}

  /** @throws TransientFault when a hold has lapsed meanwhile */
  async execute(batch: readonly Command<Request>[]): Promise<(Reply<OrderView> | Unavailable)[]> {
    const { arrangements, mayBeHeld, unanswerable } = await this.arrange(batch);
    const clear = batch.filter(({ id }) => !unanswerable.has(id));
    const replies = await this.openOrder.execute(clear, arrangements);
    const opened = new Set(replies.flatMap((reply) => ('answer' in reply ? [reply.answer.order_id] : [])));
    this.giveBack([...mayBeHeld].filter((orderId) => !opened.has(orderId)));
    const answered = replies.values();
    return batch.map(({ id }) => unanswerable.get(id) ?? (answered.next().value as Reply<OrderView>));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.underWay);
  }

  /**
   * By command. One that was answered before has no arrangement. One that promotions did not answer may have a hold or
   * not: it keeps its draft, so that a repeat finds both, and is not refused for the use that it has itself. So a
   * repeat that is refused may have a hold too, of when it came first.
   */
  private async arrange(batch: readonly Command<Request>[]): Promise<{
    readonly arrangements: ReadonlyMap<string, DiscountHold>;
    readonly mayBeHeld: ReadonlySet<string>;
    readonly unanswerable: ReadonlyMap<string, Unavailable>;
  }> {
    const prospects = await this.look(batch);
    const arrangements = new Map<string, DiscountHold>();
    const mayBeHeld = new Set<string>();
    const unanswerable = new Map<string, Unavailable>();
    // All are waited for, whatever one of them meets: nothing goes on behind our back.
    const outcomes = await Promise.allSettled(prospects.map((prospect) => this.hold(prospect)));
    for (const [index, outcome] of outcomes.entries()) {
      const { command, wish, isNew } = prospects[index] as PricedDraft;
      if (outcome.status === 'fulfilled') {
        arrangements.set(command.id, { orderId: wish.orderId, held: outcome.value });
        if (!isNew || !(outcome.value instanceof Refusal)) mayBeHeld.add(wish.orderId);
      } else if (outcome.reason instanceof ServiceUnavailable)
        unanswerable.set(command.id, { unavailable: outcome.reason.message });
      else throw outcome.reason;
    }
    return { arrangements, mayBeHeld, unanswerable };
  }

  /** Drafts each order and asks what would become of it, were it alone. */
  private look(batch: readonly Command<Request>[]): Promise<PricedDraft[]> {
    const commands = new Map(batch.map((command) => [command.id, command]));
    return this.transactions.run(async (tx) => {
      const now = this.clock.now();
      await this.drafts.prune(tx, now.subtract({ hours: draftsKeptHours }));
      const drafted = await this.drafts.draft(tx, [...commands.keys()], now);
      const wishes = [...drafted].map(([commandId, { orderId, isNew }]) => {
        const command = commands.get(commandId) as Command<Request>;
        const { person_id: personId, class_id: classId, currency } = command.data;
        return { command, isNew, wish: { orderId, personId, classId, currency } };
      });
      const floor = await this.floor.seen(
        tx,
        wishes.map(({ wish }) => wish),
      );
      return wishes.map(({ command, wish, isNew }) => {
        const outcome = new SeatAllocator(floor, now).allocate(wish);
        const costsNothing = !(outcome instanceof Refusal) && outcome.amountMinor === 0;
        return { command, wish, isNew, price: costsNothing ? nothingToDiscount() : outcome };
      });
    });
  }

  /**
   * @throws ServiceUnavailable; whether there is a hold then, a repeat finds out. TransientFault when it has lapsed.
   */
  private async hold({ command, wish, price, isNew }: PricedDraft): Promise<HeldDiscounts | Refusal> {
    if (price instanceof Refusal) return price;
    const { amountMinor: priceMinor, currency } = price;
    const request = {
      order_id: wish.orderId,
      person_id: wish.personId,
      offer_id: wish.classId,
      amount_minor: priceMinor,
      currency,
      codes: command.data.promo_codes,
    };
    try {
      const { uses } = await this.rpc.request(holdUses, request, { commandId: wish.orderId, timeoutMs: holdTimeoutMs });
      const discounts = uses.map(({ code, discount_minor: discountMinor, explanation }) => {
        return { code, discountMinor, explanation };
      });
      return { priceMinor, currency, discounts };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      // Lapsed between our look and now, and the draft with it: the command is tried again, and drafts another order.
      if (error.code === 'PROMO_HOLD_ENDED') throw new TransientFault(error.message, { cause: error });
      // What is held is for another price or other codes than now: those of when the command came first.
      if (error.code === 'IDEMPOTENCY_KEY_REUSED' && !isNew) return priceChanged();
      return error;
    }
  }

  /** After the answer, and as well as it goes: a use that is not given back here lapses. */
  private giveBack(orderIds: readonly string[]): void {
    if (orderIds.length === 0) return;
    const given = this.release(orderIds).catch((error: unknown) => {
      this.logger.warn({ err: error, orders: orderIds.length }, 'held uses are left to lapse');
    });
    this.underWay.add(given);
    given.finally(() => this.underWay.delete(given));
  }

  /**
   * An order may exist for all that: another body under the same key meets the same draft, and is refused when that
   * body's order is opened. Whoever takes the draft waits for it, and its hold stays.
   */
  private async release(orderIds: readonly string[]): Promise<void> {
    const existing = await this.voidDrafts.execute(orderIds);
    const forgone = orderIds.filter((orderId) => !existing.has(orderId));
    await Promise.all(
      forgone.map((orderId) => this.rpc.request(releaseUses, { order_id: orderId, reason: 'refused' })),
    );
  }
}

function nothingToDiscount(): Refusal {
  return new Refusal('NOTHING_TO_DISCOUNT', 'The class costs nothing: order it without a promo code.', {
    field: 'promo_codes',
  });
}
