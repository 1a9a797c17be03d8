import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  getWebhookDelivery,
  listWebhookDeliveries,
  replayWebhookDelivery,
  replayWebhookEvents,
} from '#contracts/notifications/webhook-deliveries.js';
import { pingWebhookEndpoint } from '#contracts/notifications/webhook-endpoints.js';
import type { CommandOf, QueryOf, ReplyOf } from '#messaging/envelope.js';
import { answerEach, batchOf } from '#messaging/nest/batch-of.js';
import { AnswerOnEndpoint } from './answer-on-endpoint.js';
import { PingEndpoint } from './ping-endpoint.js';
import { ReadDeliveries } from './read-deliveries.js';
import { ReplayDelivery } from './replay-delivery.js';
import { ReplayEvents } from './replay-events.js';

/** The log of deliveries, and what admins have delivered once more. */
@Controller()
export class DeliveriesConsumer {
  constructor(
    private readonly onEndpoint: AnswerOnEndpoint,
    private readonly reading: ReadDeliveries,
    private readonly pinging: PingEndpoint,
    private readonly replayingOne: ReplayDelivery,
    private readonly replayingMany: ReplayEvents,
  ) {}

  @MessagePattern<string>(listWebhookDeliveries.type)
  list(
    @Payload(batchOf(listWebhookDeliveries)) batch: QueryOf<typeof listWebhookDeliveries>[],
  ): Promise<ReplyOf<typeof listWebhookDeliveries>[]> {
    return answerEach(batch, ({ data }) => this.reading.list(data));
  }

  @MessagePattern<string>(getWebhookDelivery.type)
  one(
    @Payload(batchOf(getWebhookDelivery)) batch: QueryOf<typeof getWebhookDelivery>[],
  ): Promise<ReplyOf<typeof getWebhookDelivery>[]> {
    return answerEach(batch, ({ data }) => this.reading.one(data.endpoint_id, data.delivery_id));
  }

  @MessagePattern<string>(pingWebhookEndpoint.type)
  ping(
    @Payload(batchOf(pingWebhookEndpoint)) batch: CommandOf<typeof pingWebhookEndpoint>[],
  ): Promise<ReplyOf<typeof pingWebhookEndpoint>[]> {
    return this.onEndpoint.answer(batch, (tx, endpoint) => this.pinging.execute(tx, endpoint));
  }

  @MessagePattern<string>(replayWebhookDelivery.type)
  replay(
    @Payload(batchOf(replayWebhookDelivery)) batch: CommandOf<typeof replayWebhookDelivery>[],
  ): Promise<ReplyOf<typeof replayWebhookDelivery>[]> {
    return this.onEndpoint.answer(batch, (tx, endpoint, data) => this.replayingOne.execute(tx, endpoint, data));
  }

  @MessagePattern<string>(replayWebhookEvents.type)
  replayRange(
    @Payload(batchOf(replayWebhookEvents)) batch: CommandOf<typeof replayWebhookEvents>[],
  ): Promise<ReplyOf<typeof replayWebhookEvents>[]> {
    return this.onEndpoint.answer(batch, (tx, endpoint, data) => this.replayingMany.execute(tx, endpoint, data));
  }
}
