import { Injectable } from '@nestjs/common';
import type { RequestOf, ResponseOf } from '#contracts/contract.js';
import type { listWebhookDeliveries } from '#contracts/notifications/webhook-deliveries.js';
import { mapPage } from '#persistence/paging.js';
import { type Attempt, DeliveriesStore } from '../deliveries/deliveries.store.js';
import { type DeliveryDetail, deliveryNotFound, deliveryView } from '../deliveries/domain/delivery.js';
import { payloadOf } from '../deliveries/domain/payload.js';
import { endpointNotFound } from '../endpoints/domain/endpoint.js';
import { EndpointsStore } from '../endpoints/endpoints.store.js';

/** Reads the log of deliveries, of archived endpoints too. */
@Injectable()
export class ReadDeliveries {
  constructor(
    private readonly endpoints: EndpointsStore,
    private readonly deliveries: DeliveriesStore,
  ) {}

  /** @throws Refusal WEBHOOK_ENDPOINT_NOT_FOUND, WEBHOOK_DELIVERY_NOT_FOUND */
  async one(endpointId: string, id: string): Promise<DeliveryDetail> {
    await this.assertEndpoint(endpointId);
    const delivery = await this.deliveries.one(endpointId, id);
    const data = delivery && (await this.deliveries.dataOf(delivery.eventId));
    if (!delivery || data === undefined) throw deliveryNotFound();
    const attempts = await this.deliveries.attempts(id);
    return { ...deliveryView(delivery), payload: payloadOf({ ...delivery, data }), log: attempts.map(attemptView) };
  }

  /** @throws Refusal WEBHOOK_ENDPOINT_NOT_FOUND */
  async list({
    endpoint_id: endpointId,
    state,
    event_type: eventType,
    subject,
    from,
    to,
    ...paging
  }: RequestOf<typeof listWebhookDeliveries>): Promise<ResponseOf<typeof listWebhookDeliveries>> {
    await this.assertEndpoint(endpointId);
    const filter = { endpointId, state, eventType, subject, from: instantOf(from), to: instantOf(to) };
    return mapPage(await this.deliveries.list(filter, paging), deliveryView);
  }

  private async assertEndpoint(id: string): Promise<void> {
    if (!(await this.endpoints.find([id])).has(id)) throw endpointNotFound();
  }
}

const instantOf = (text: string | undefined) => (text === undefined ? undefined : Temporal.Instant.from(text));

function attemptView({ at, durationMs, ...attempt }: Attempt): DeliveryDetail['log'][number] {
  const { number, status, error, detail, answer } = attempt;
  return { number, at: at.toString(), duration_ms: durationMs, status, error, detail, answer };
}
