import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { dismissNotification, listKeptAsideNotifications } from '#contracts/kept-aside.js';
import { answerEach, batchOf } from '#messaging/batch-of.js';
import type { CommandOf, QueryOf, ReplyOf } from '#messaging/envelope.js';
import { DismissNotification } from './dismiss-notification.js';
import { ListKeptAside } from './list-kept-aside.js';

/** What providers told and nobody could apply, for those who look at it. */
@Controller()
export class WebhooksConsumer {
  constructor(
    private readonly keptAside: ListKeptAside,
    private readonly dismissing: DismissNotification,
  ) {}

  @MessagePattern<string>(listKeptAsideNotifications.type)
  listKeptAsideNotifications(
    @Payload(batchOf(listKeptAsideNotifications)) batch: QueryOf<typeof listKeptAsideNotifications>[],
  ): Promise<ReplyOf<typeof listKeptAsideNotifications>[]> {
    return answerEach(batch, ({ data }) => this.keptAside.execute(data));
  }

  @MessagePattern<string>(dismissNotification.type)
  dismissNotification(
    @Payload(batchOf(dismissNotification)) batch: CommandOf<typeof dismissNotification>[],
  ): Promise<ReplyOf<typeof dismissNotification>[]> {
    return this.dismissing.execute(batch);
  }
}
