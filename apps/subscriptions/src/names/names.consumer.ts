import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { findNames } from '#contracts/subscriptions/names.js';
import type { QueryOf, ReplyOf } from '#messaging/envelope.js';
import { answerEach, batchOf } from '#messaging/nest/batch-of.js';
import { ReadNames } from './read-names.js';

/** Receives the queries for the names of ids. */
@Controller()
export class NamesConsumer {
  constructor(private readonly names: ReadNames) {}

  @MessagePattern<string>(findNames.type)
  findNames(@Payload(batchOf(findNames)) batch: QueryOf<typeof findNames>[]): Promise<ReplyOf<typeof findNames>[]> {
    return answerEach(batch, ({ data }) => this.names.execute(data));
  }
}
