import { Injectable } from '@nestjs/common';
import type { RequestOf } from '#contracts/contract.js';
import { type openOrder, orderOpened } from '#contracts/orders.js';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import type { Command, Reply } from '#messaging/envelope.js';
import { TransientFault } from '#messaging/faults.js';
import { newEvent, Outbox } from '#messaging/publishing/outbox.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { ClassesStore } from '../../classes/classes.store.js';
import type { ClosedOrder, ConfirmedOrder, OpenedOrder } from '../domain/order.js';
import { type AllocatedOrder, type HeldDiscounts, type OrderRequest, SeatAllocator } from '../domain/seat-allocator.js';
import { type OrderView, orderData, orderView } from '../order-view.js';
import { OrdersStore } from '../orders.store.js';
import { CompleteOrders } from '../steps/complete-orders.js';
import { orderConfirmedEvent } from '../steps/publish-confirmed.js';
import { OpeningContextReader } from './opening-context.js';
import { OrderDraftsStore } from './order-drafts.store.js';

type Request = RequestOf<typeof openOrder>;

/** What was arranged for an order with promo codes before it is opened. */
export interface DiscountHold {
  /** Of its draft. */
  readonly orderId: string;
  /** What promotions holds for it, or why the order is not to be. */
  readonly held: HeldDiscounts | Refusal;
}

type Arrangements = ReadonlyMap<string, DiscountHold>;

/** A new order, and the command that it came from. */
interface Made<Kind extends AllocatedOrder = AllocatedOrder> {
  readonly order: Kind;
  readonly cause: Command<Request>;
}

/**
 * Opens orders in sets: however many commands there are, one transaction and a dozen statements. It is under the locks
 * of the classes that seats are counted and given, so capacity holds whatever the number of instances.
 */
@Injectable()
export class OpenOrder {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly floor: OpeningContextReader,
    private readonly classes: ClassesStore,
    private readonly drafts: OrderDraftsStore,
    private readonly orders: OrdersStore,
    private readonly completeOrder: CompleteOrders,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /**
   * @param arrangements by command, where orders have promo codes: then each one that was not answered before has one
   */
  execute(batch: readonly Command<Request>[], arrangements?: Arrangements): Promise<Reply<OrderView>[]> {
    return this.transactions.run((tx) =>
      this.commands.answer(tx, batch, async (fresh) => {
        const outcomes = arrangements
          ? await this.seatArranged(tx, fresh, arrangements)
          : await this.seat(tx, fresh.map(wishOf));
        const made = outcomes.flatMap((outcome, index) =>
          outcome instanceof Refusal ? [] : [{ order: outcome, cause: fresh[index] as Command<Request> }],
        );
        await this.write(tx, made);
        return outcomes.map(
          (outcome): Reply<OrderView> =>
            outcome instanceof Refusal ? { refusal: outcome } : { answer: orderView(outcome) },
        );
      }),
    );
  }

  private async seat(tx: Tx, wishes: readonly OrderRequest[]): Promise<(AllocatedOrder | Refusal)[]> {
    const floor = await this.floor.locked(tx, wishes);
    // The time is taken under the locks, so that orders of one class are opened in the order of their instants.
    const seating = new SeatAllocator(floor, this.clock.now());
    const outcomes = wishes.map((wish) => seating.allocate(wish));
    await this.classes.takeSeats(tx, seating.allocated);
    return outcomes;
  }

  private async seatArranged(
    tx: Tx,
    commands: readonly Command<Request>[],
    arrangements: Arrangements,
  ): Promise<(AllocatedOrder | Refusal)[]> {
    const arranged = commands.map((command) => {
      const arrangement = arrangements.get(command.id);
      // Forgone while it was drafted: as below.
      if (!arrangement) throw new TransientFault('an order was forgone before it was arranged');
      return { command, ...arrangement };
    });
    const drafts = await this.drafts.take(
      tx,
      arranged.map(({ orderId }) => orderId),
    );
    // Forgone meanwhile: the command is tried again, and drafts another order.
    if (drafts.size < arranged.length) throw new TransientFault('an order was forgone before it was opened');
    const wishes = arranged.flatMap(({ command, orderId, held }) =>
      held instanceof Refusal ? [] : [{ ...wishOf(command), orderId, discounts: held }],
    );
    const seated = await this.seat(tx, wishes);
    const outcomes = new Map(wishes.map(({ orderId }, index) => [orderId, seated[index] as AllocatedOrder | Refusal]));
    return arranged.map(({ orderId, held }) => outcomes.get(orderId) ?? (held as Refusal));
  }

  private async write(tx: Tx, made: readonly Made[]): Promise<void> {
    await this.orders.add(
      tx,
      made.map(({ order }) => order),
    );
    const closings = await this.completeOrder.execute(tx, made.filter(isClosed));
    const openings = made
      .filter(isOpened)
      .map(({ order, cause }) => newEvent(orderOpened, { subject: order.id, data: orderData(order), cause }));
    const confirmations = made.filter(isConfirmed).map(({ order, cause }) => orderConfirmedEvent(order, cause));
    await this.outbox.add(tx, [...openings, ...confirmations, ...closings]);
  }
}

function wishOf({ data }: Command<Request>): OrderRequest {
  return { orderId: newId(), personId: data.person_id, classId: data.class_id, currency: data.currency };
}

function isOpened(made: Made): made is Made<OpenedOrder> {
  return made.order.state === 'opened';
}

function isConfirmed(made: Made): made is Made<ConfirmedOrder> {
  return made.order.state === 'confirmed';
}

function isClosed(made: Made): made is Made<ClosedOrder> {
  return made.order.state === 'closed';
}
