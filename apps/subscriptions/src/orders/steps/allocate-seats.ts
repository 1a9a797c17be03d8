import { Injectable } from '@nestjs/common';
import { assert } from '#kernel/assert.js';
import { Clock } from '#kernel/clock.js';
import { Refusal } from '#kernel/refusal.js';
import type { Tx } from '#persistence/transaction.js';
import { ClassesStore } from '../../classes/classes.store.js';
import { type AllocatedOrder, type OrderRequest, SeatAllocator } from '../domain/seat-allocator.js';
import type { TitledOrder } from '../order-view.js';
import { ReadOpeningContext } from './read-opening-context.js';

/** An order that got a seat, and the title of its class. */
export type Allocation = TitledOrder<AllocatedOrder>;

/** Locks the requested classes, decides the order requests and takes the seats of those that become orders. */
@Injectable()
export class AllocateSeats {
  constructor(
    private readonly context: ReadOpeningContext,
    private readonly classes: ClassesStore,
    private readonly clock: Clock,
  ) {}

  /** One order or refusal per request, in order. The orders are not stored yet. */
  async apply(tx: Tx, requests: readonly OrderRequest[]): Promise<(Allocation | Refusal)[]> {
    const context = await this.context.locked(tx, requests);
    // The time is read under the locks, so that orders of one class are opened in the order of their instants.
    const allocator = new SeatAllocator(context, this.clock.now());
    const outcomes = requests.map((request) => allocator.allocate(request));
    await this.classes.takeSeats(tx, allocator.allocated);
    return outcomes.map((order) => {
      if (order instanceof Refusal) return order;
      const published = context.classes.get(order.classId);
      assert(published, 'an order is of a class that was locked');
      return { order, classTitle: published.title };
    });
  }
}
