import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import type { Tx } from '#persistence/transaction.js';
import { DeliveriesStore } from '../deliveries/deliveries.store.js';
import { type DeliveryView, deliveryView } from '../deliveries/domain/delivery.js';
import { active, type Endpoint } from '../endpoints/domain/endpoint.js';

/** The type of test events. They are no events of the catalogue. */
const pingType = 'notifications.ping.v1';

/** Sends a test event on the way of all others. */
@Injectable()
export class PingEndpoint {
  constructor(
    private readonly deliveries: DeliveriesStore,
    private readonly clock: Clock,
  ) {}

  /** @throws Refusal WEBHOOK_ENDPOINT_NOT_ACTIVE */
  async execute(tx: Tx, endpoint: Endpoint): Promise<DeliveryView> {
    active(endpoint);
    const now = this.clock.now();
    const id = newId();
    // A subject of its own: it waits for nothing, and nothing waits for it.
    const event = { id, type: pingType, subject: id, occurredAt: now, data: { endpoint_id: endpoint.id } };
    return deliveryView(await this.deliveries.addSingle(tx, event, endpoint.id, now));
  }
}
