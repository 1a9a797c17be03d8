import { Injectable } from '@nestjs/common';
import type { RequestOf } from '#contracts/contract.js';
import type { openOrder } from '#contracts/subscriptions/orders.js';
import { newId } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import { zip } from '#kernel/zip.js';
import type { Command, Reply } from '#messaging/envelope.js';
import { TransientFault } from '#messaging/faults.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { replyOf } from '#messaging/requests/replies.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import type { HeldDiscounts, OrderRequest } from '../domain/seat-allocator.js';
import { type OrderView, orderView } from '../order-view.js';
import { AddOrders } from '../steps/add-orders.js';
import { AllocateSeats, type Allocation } from '../steps/allocate-seats.js';
import { OrderDraftsStore } from './order-drafts.store.js';

type Request = RequestOf<typeof openOrder>;

/** The draft of an order with promo codes, and the discounts that promotions holds for it or why it is refused. */
export interface DiscountHold {
  readonly orderId: string;
  readonly held: HeldDiscounts | Refusal;
}

type DiscountHolds = ReadonlyMap<string, DiscountHold>;

/**
 * Opens orders in sets: one transaction and a dozen statements for any number of commands. Seats are counted and
 * allocated under the locks of the classes, and open orders of a person under the lock of the person. So capacity and
 * limits hold for any number of instances.
 */
@Injectable()
export class OpenOrder {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly drafts: OrderDraftsStore,
    private readonly allocateSeats: AllocateSeats,
    private readonly addOrders: AddOrders,
  ) {}

  /**
   * Refuses with the codes of `SeatAllocator.allocate`.
   * @param holds by command id, for orders with promo codes; each command without a stored reply needs one
   * @throws TransientFault when a draft was voided
   */
  execute(batch: readonly Command<Request>[], holds?: DiscountHolds): Promise<Reply<OrderView>[]> {
    return this.transactions.run((tx) =>
      this.commands.answer(tx, batch, async (fresh) => {
        const outcomes = holds
          ? await this.allocateDrafted(tx, fresh, holds)
          : await this.allocateSeats.apply(tx, fresh.map(requestOf));
        const added = zip(fresh, outcomes).flatMap(([cause, outcome]) =>
          outcome instanceof Refusal ? [] : [{ order: outcome.order, cause }],
        );
        await this.addOrders.apply(tx, added);
        return outcomes.map((outcome) => replyOf(outcome, orderView));
      }),
    );
  }

  /** A command whose draft was voided is retried and drafts another order. */
  private async allocateDrafted(
    tx: Tx,
    commands: readonly Command<Request>[],
    holds: DiscountHolds,
  ): Promise<(Allocation | Refusal)[]> {
    const drafted = commands.map((command) => {
      const hold = holds.get(command.id);
      if (!hold) throw new TransientFault('the draft was voided before its discounts were held');
      return { command, ...hold };
    });
    const drafts = await this.drafts.take(
      tx,
      drafted.map(({ orderId }) => orderId),
    );
    if (drafts.size < drafted.length) throw new TransientFault('the draft was voided before the order was opened');
    const requests = drafted.flatMap(({ command, orderId, held }) =>
      held instanceof Refusal ? [] : [{ ...requestOf(command), orderId, discounts: held } satisfies OrderRequest],
    );
    const allocated = await this.allocateSeats.apply(tx, requests);
    const outcomes = new Map(zip(requests, allocated).map(([{ orderId }, outcome]) => [orderId, outcome]));
    return drafted.map(({ orderId, held }) => outcomes.get(orderId) ?? (held as Refusal));
  }
}

function requestOf({ data }: Command<Request>): OrderRequest {
  const { person_id: personId, class_id: classId, currency, amount_minor: amountMinorMax } = data;
  return { orderId: newId(), personId, classId, currency, amountMinorMax, chosenAmountMinor: data.chosen_amount_minor };
}
