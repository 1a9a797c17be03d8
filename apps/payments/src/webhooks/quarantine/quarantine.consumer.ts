import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { dismissNotification, listQuarantinedNotifications } from '#contracts/payments/quarantined-notifications.js';
import type { CommandOf, QueryOf, ReplyOf } from '#messaging/envelope.js';
import { answerEach, batchOf } from '#messaging/nest/batch-of.js';
import { DismissNotification } from './dismiss-notification.js';
import { ListQuarantined } from './list-quarantined.js';

/** Queries and commands about quarantined notifications. */
@Controller()
export class QuarantineConsumer {
  constructor(
    private readonly quarantined: ListQuarantined,
    private readonly dismissing: DismissNotification,
  ) {}

  @MessagePattern<string>(listQuarantinedNotifications.type)
  listQuarantinedNotifications(
    @Payload(batchOf(listQuarantinedNotifications)) batch: QueryOf<typeof listQuarantinedNotifications>[],
  ): Promise<ReplyOf<typeof listQuarantinedNotifications>[]> {
    return answerEach(batch, ({ data }) => this.quarantined.execute(data));
  }

  @MessagePattern<string>(dismissNotification.type)
  dismissNotification(
    @Payload(batchOf(dismissNotification)) batch: CommandOf<typeof dismissNotification>[],
  ): Promise<ReplyOf<typeof dismissNotification>[]> {
    return this.dismissing.execute(batch);
  }
}
