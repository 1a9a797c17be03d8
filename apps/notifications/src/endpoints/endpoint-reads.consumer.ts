import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { publicEvents } from '#contracts/catalogue.js';
import {
  getWebhookEndpoint,
  listWebhookEndpoints,
  listWebhookEventTypes,
  rotateWebhookSecret,
} from '#contracts/notifications/webhook-endpoints.js';
import type { CommandOf, QueryOf, ReplyOf } from '#messaging/envelope.js';
import { answerEach, batchOf } from '#messaging/nest/batch-of.js';
import { ReadEndpoints } from './read-endpoints.js';
import { RotateSecret } from './rotate-secret.js';

const eventTypes = publicEvents.map(({ type, about }) => ({ type, about }));

/** What admins read of webhook endpoints, and new secrets. */
@Controller()
export class EndpointReadsConsumer {
  constructor(
    private readonly endpoints: ReadEndpoints,
    private readonly rotating: RotateSecret,
  ) {}

  @MessagePattern<string>(getWebhookEndpoint.type)
  one(
    @Payload(batchOf(getWebhookEndpoint)) batch: QueryOf<typeof getWebhookEndpoint>[],
  ): Promise<ReplyOf<typeof getWebhookEndpoint>[]> {
    return answerEach(batch, ({ data }) => this.endpoints.one(data.endpoint_id));
  }

  @MessagePattern<string>(listWebhookEndpoints.type)
  list(
    @Payload(batchOf(listWebhookEndpoints)) batch: QueryOf<typeof listWebhookEndpoints>[],
  ): Promise<ReplyOf<typeof listWebhookEndpoints>[]> {
    return answerEach(batch, ({ data }) => this.endpoints.list(data));
  }

  @MessagePattern<string>(listWebhookEventTypes.type)
  types(
    @Payload(batchOf(listWebhookEventTypes)) batch: QueryOf<typeof listWebhookEventTypes>[],
  ): Promise<ReplyOf<typeof listWebhookEventTypes>[]> {
    return answerEach(batch, async () => ({ items: eventTypes }));
  }

  @MessagePattern<string>(rotateWebhookSecret.type)
  rotate(
    @Payload(batchOf(rotateWebhookSecret)) batch: CommandOf<typeof rotateWebhookSecret>[],
  ): Promise<ReplyOf<typeof rotateWebhookSecret>[]> {
    return this.rotating.execute(batch);
  }
}
