import { Injectable } from '@nestjs/common';
import type { RequestOf } from '#contracts/contract.js';
import type { replayWebhookDelivery } from '#contracts/notifications/webhook-deliveries.js';
import { Clock } from '#kernel/clock.js';
import { Refusal } from '#kernel/refusal.js';
import type { Tx } from '#persistence/transaction.js';
import { DeliveriesStore } from '../deliveries/deliveries.store.js';
import { type DeliveryView, deliveryNotFound, deliveryView } from '../deliveries/domain/delivery.js';
import { active, type Endpoint } from '../endpoints/domain/endpoint.js';

/** Delivers an event to an endpoint once more. */
@Injectable()
export class ReplayDelivery {
  constructor(
    private readonly deliveries: DeliveriesStore,
    private readonly clock: Clock,
  ) {}

  /** @throws Refusal WEBHOOK_ENDPOINT_NOT_ACTIVE, WEBHOOK_DELIVERY_NOT_FOUND, WEBHOOK_DELIVERY_PENDING */
  async execute(
    tx: Tx,
    endpoint: Endpoint,
    { delivery_id: id }: RequestOf<typeof replayWebhookDelivery>,
  ): Promise<DeliveryView> {
    active(endpoint);
    const delivery = await this.deliveries.lock(tx, endpoint.id, id);
    if (!delivery) throw deliveryNotFound();
    if (delivery.state === 'pending') {
      throw new Refusal('WEBHOOK_DELIVERY_PENDING', 'This delivery is tried already, or waits for its next attempt.');
    }
    return deliveryView(await this.deliveries.replay(tx, id, this.clock.now()));
  }
}
