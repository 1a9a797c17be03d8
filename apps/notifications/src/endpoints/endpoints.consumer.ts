import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  archiveWebhookEndpoint,
  changeWebhookEndpoint,
  createWebhookEndpoint,
  pauseWebhookEndpoint,
  resumeWebhookEndpoint,
} from '#contracts/notifications/webhook-endpoints.js';
import type { CommandOf, ReplyOf } from '#messaging/envelope.js';
import { batchOf } from '#messaging/nest/batch-of.js';
import { ArchiveEndpoint } from './archive-endpoint.js';
import { ChangeEndpoint } from './change-endpoint.js';
import { CreateEndpoint } from './create-endpoint.js';
import { PauseEndpoint } from './pause-endpoint.js';
import { ResumeEndpoint } from './resume-endpoint.js';

/** Webhook endpoints, by commands of admins. */
@Controller()
export class EndpointsConsumer {
  constructor(
    private readonly creating: CreateEndpoint,
    private readonly changing: ChangeEndpoint,
    private readonly pausing: PauseEndpoint,
    private readonly resuming: ResumeEndpoint,
    private readonly archiving: ArchiveEndpoint,
  ) {}

  @MessagePattern<string>(createWebhookEndpoint.type)
  create(
    @Payload(batchOf(createWebhookEndpoint)) batch: CommandOf<typeof createWebhookEndpoint>[],
  ): Promise<ReplyOf<typeof createWebhookEndpoint>[]> {
    return this.creating.execute(batch);
  }

  @MessagePattern<string>(changeWebhookEndpoint.type)
  change(
    @Payload(batchOf(changeWebhookEndpoint)) batch: CommandOf<typeof changeWebhookEndpoint>[],
  ): Promise<ReplyOf<typeof changeWebhookEndpoint>[]> {
    return this.changing.execute(batch);
  }

  @MessagePattern<string>(pauseWebhookEndpoint.type)
  pause(
    @Payload(batchOf(pauseWebhookEndpoint)) batch: CommandOf<typeof pauseWebhookEndpoint>[],
  ): Promise<ReplyOf<typeof pauseWebhookEndpoint>[]> {
    return this.pausing.execute(batch);
  }

  @MessagePattern<string>(resumeWebhookEndpoint.type)
  resume(
    @Payload(batchOf(resumeWebhookEndpoint)) batch: CommandOf<typeof resumeWebhookEndpoint>[],
  ): Promise<ReplyOf<typeof resumeWebhookEndpoint>[]> {
    return this.resuming.execute(batch);
  }

  @MessagePattern<string>(archiveWebhookEndpoint.type)
  archive(
    @Payload(batchOf(archiveWebhookEndpoint)) batch: CommandOf<typeof archiveWebhookEndpoint>[],
  ): Promise<ReplyOf<typeof archiveWebhookEndpoint>[]> {
    return this.archiving.execute(batch);
  }
}
