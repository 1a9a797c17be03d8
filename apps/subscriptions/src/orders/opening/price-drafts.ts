import { Injectable } from '@nestjs/common';
import type { RequestOf } from '#contracts/contract.js';
import type { openDiscountedOrder } from '#contracts/subscriptions/orders.js';
import { Clock } from '#kernel/clock.js';
import type { Money } from '#kernel/money.js';
import { Refusal } from '#kernel/refusal.js';
import type { Command } from '#messaging/envelope.js';
import { Transactions } from '#persistence/transaction.js';
import { nothingToDiscount } from '../../classes/domain/discounted-price.js';
import { type OrderRequest, SeatAllocator } from '../domain/seat-allocator.js';
import { ReadOpeningContext } from '../steps/read-opening-context.js';
import { OrderDraftsStore } from './order-drafts.store.js';

type Request = RequestOf<typeof openDiscountedOrder>;

/** A drafted order with its price before discounts, or why it would be refused. */
export interface PricedDraft {
  readonly command: Command<Request>;
  readonly request: OrderRequest;
  readonly price: Money | Refusal;
  /** The command came for the first time, so promotions holds nothing for the order yet. */
  readonly isNew: boolean;
}

/** A draft whose command is never repeated is voided after this time. */
const draftsKeptHours = 24;

/** Drafts an order for each command and prices it as if it were the only one. */
@Injectable()
export class PriceDrafts {
  constructor(
    private readonly transactions: Transactions,
    private readonly drafts: OrderDraftsStore,
    private readonly context: ReadOpeningContext,
    private readonly clock: Clock,
  ) {}

  /** No draft comes back for a command that has a stored reply. */
  execute(batch: readonly Command<Request>[]): Promise<PricedDraft[]> {
    const commands = new Map(batch.map((command) => [command.id, command]));
    return this.transactions.run(async (tx) => {
      const now = this.clock.now();
      await this.drafts.prune(tx, now.subtract({ hours: draftsKeptHours }));
      const drafts = await this.drafts.draft(tx, [...commands.keys()], now);
      const drafted = [...drafts].map(([commandId, { orderId, isNew }]) => {
        const command = commands.get(commandId) as Command<Request>;
        const {
          person_id: personId,
          class_id: classId,
          currency,
          chosen_amount_minor: chosenAmountMinor,
        } = command.data;
        return { command, isNew, request: { orderId, personId, classId, currency, chosenAmountMinor } };
      });
      const context = await this.context.unlocked(
        tx,
        drafted.map(({ request }) => request),
      );
      return drafted.map((draft) => {
        const outcome = new SeatAllocator(context, now).allocate(draft.request);
        const isFree = !(outcome instanceof Refusal) && outcome.amountMinor === 0;
        return { ...draft, price: isFree ? nothingToDiscount() : outcome };
      });
    });
  }
}
