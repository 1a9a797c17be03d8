import { Injectable } from '@nestjs/common';
import { voidDrafts } from '#contracts/subscriptions/orders.js';
import { Clock } from '#kernel/clock.js';
import { RpcClient } from '#messaging/requests/rpc-client.js';
import { Transactions } from '#persistence/transaction.js';
import { RedemptionsStore } from '../redemptions.store.js';
import { PinHolds } from './pin-holds.js';

/** The maximum of orders in one request, as in the contract. */
const ordersMax = 500;

/**
 * Lapses holds whose order-opened was not received in time. First subscriptions voids the drafts of their orders: it
 * never opens an order that it reports as missing. So a hold and its order exist together, however late a message
 * arrives. While subscriptions cannot be reached, holds wait.
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

  /** Returns whether more holds may be due. */
  async execute(): Promise<boolean> {
    const due = await this.redemptions.overdueOrders(this.transactions, this.clock.now(), ordersMax);
    if (due.length === 0) return false;
    const { existing } = await this.rpc.request(voidDrafts, { order_ids: due });
    const opened = new Set(existing);
    if (opened.size > 0) await this.pinHolds.execute(existing);
    await this.transactions.run(async (tx) => {
      const redemptions = await this.redemptions.ofOrders(
        tx,
        due.filter((orderId) => !opened.has(orderId)),
      );
      const changes = redemptions
        .filter(({ state }) => state === 'held')
        .map(({ redemptionId }) => ({
          redemptionId,
          to: 'lapsed' as const,
          reason: 'not ordered in time',
          cause: null,
        }));
      await this.redemptions.changeStates(tx, changes, this.clock.now());
    });
    return due.length === ordersMax;
  }
}
