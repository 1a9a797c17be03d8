import { Injectable } from '@nestjs/common';
import { voidDrafts } from '#contracts/orders.js';
import { Clock } from '#kernel/clock.js';
import { RpcClient } from '#messaging/requests/rpc-client.js';
import { Transactions } from '#persistence/transaction.js';
import { RedemptionsStore } from '../redemptions.store.js';
import { PinHolds } from './pin-holds.js';

/** Orders that are asked about at once: as many as the contract takes. */
const ordersMax = 500;

/**
 * Lets holds lapse whose orders were never heard of. Subscriptions is asked first, and whatever it says does not exist
 * it will never open; so a hold and its order stand or fall together, however late a message comes. While it is away,
 * holds wait.
 */
@Injectable()
export class LapseHolds {
  constructor(
    private readonly transactions: Transactions,
    private readonly redemptions: RedemptionsStore,
    private readonly pinHolds: PinHolds,
    private readonly rpc: RpcClient,
    private readonly clock: Clock,
  ) {}

  /** Whether more of them may be due. */
  async execute(): Promise<boolean> {
    const due = await this.redemptions.overdueOrders(this.transactions, this.clock.now(), ordersMax);
    if (due.length === 0) return false;
    const { existing } = await this.rpc.request(voidDrafts, { order_ids: due });
    const opened = new Set(existing);
    if (opened.size > 0) await this.pinHolds.execute(existing);
    await this.transactions.run(async (tx) => {
      const uses = await this.redemptions.ofOrders(
        tx,
        due.filter((orderId) => !opened.has(orderId)),
      );
      const moves = uses
        .filter(({ state }) => state === 'held')
        .map(({ redemptionId }) => ({
          redemptionId,
          to: 'lapsed' as const,
          reason: 'not ordered in time',
          cause: null,
        }));
      await this.redemptions.changeStates(tx, moves, this.clock.now());
    });
    return due.length === ordersMax;
  }
}
