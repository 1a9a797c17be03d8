import { Injectable } from '@nestjs/common';
import type { Tx } from '#persistence/transaction.js';
import type { ClosedOrder, ConfirmedOrder, OpenedOrder, Order } from '../domain/order.js';
import type { AllocatedOrder } from '../domain/seat-allocator.js';
import { type Changed, confirmedEvent, openedEvent } from '../order-events.js';
import { OrdersStore } from '../orders.store.js';
import { CompleteOrders } from './complete-orders.js';

/** Stores new orders, completes those that closed at once and publishes the state of each. */
@Injectable()
export class AddOrders {
  constructor(
    private readonly orders: OrdersStore,
    private readonly completeOrders: CompleteOrders,
  ) {}

  async apply(tx: Tx, added: readonly Changed<AllocatedOrder>[]): Promise<void> {
    await this.orders.add(
      tx,
      added.map(({ order }) => order),
    );
    const opened = inState<OpenedOrder>(added, 'opened').map(openedEvent);
    const confirmed = inState<ConfirmedOrder>(added, 'confirmed').map(confirmedEvent);
    await this.completeOrders.apply(tx, inState<ClosedOrder>(added, 'closed'), [...opened, ...confirmed]);
  }
}

function inState<Kind extends Order>(added: readonly Changed[], state: Kind['state']): Changed<Kind>[] {
  return added.filter((each): each is Changed<Kind> => each.order.state === state);
}
