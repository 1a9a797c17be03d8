import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  explainSubscription,
  getSubscription,
  listSubscriptions,
  subscriptionExplanation,
} from '#contracts/subscriptions/subscriptions.js';
import type { QueryOf, ReplyOf } from '#messaging/envelope.js';
import { answerEach, batchOf } from '#messaging/nest/batch-of.js';
import { ReadSubscriptions } from './read-subscriptions.js';

/** Receives the requests of the gateway about subscriptions. */
@Controller()
export class SubscriptionsConsumer {
  constructor(private readonly subscriptions: ReadSubscriptions) {}

  @MessagePattern<string>(listSubscriptions.type)
  listSubscriptions(
    @Payload(batchOf(listSubscriptions)) batch: QueryOf<typeof listSubscriptions>[],
  ): Promise<ReplyOf<typeof listSubscriptions>[]> {
    return answerEach(batch, ({ data }) => this.subscriptions.list(data));
  }

  @MessagePattern<string>(getSubscription.type)
  getSubscription(
    @Payload(batchOf(getSubscription)) batch: QueryOf<typeof getSubscription>[],
  ): Promise<ReplyOf<typeof getSubscription>[]> {
    return answerEach(batch, ({ data }) => this.subscriptions.one(data));
  }

  @MessagePattern<string>(explainSubscription.type)
  explainSubscription(
    @Payload(batchOf(explainSubscription)) batch: QueryOf<typeof explainSubscription>[],
  ): Promise<ReplyOf<typeof explainSubscription>[]> {
    return answerEach(batch, async ({ data }) => subscriptionExplanation.parse(await this.subscriptions.one(data)));
  }
}
