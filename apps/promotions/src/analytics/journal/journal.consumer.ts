import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { exportUserApplications, listUserApplications, proveCode } from '#contracts/promotions/promo-analytics.js';
import type { QueryOf, ReplyOf } from '#messaging/envelope.js';
import { answerEach, batchOf } from '#messaging/nest/batch-of.js';
import { ProveCode } from '../prove-code.js';
import { ListApplications } from './list-applications.js';

/** Single redemptions, and the check that all counters of a code agree. */
@Controller()
export class JournalConsumer {
  constructor(
    private readonly applications: ListApplications,
    private readonly proof: ProveCode,
  ) {}

  @MessagePattern<string>(listUserApplications.type)
  listUserApplications(
    @Payload(batchOf(listUserApplications)) batch: QueryOf<typeof listUserApplications>[],
  ): Promise<ReplyOf<typeof listUserApplications>[]> {
    return answerEach(batch, ({ data }) => this.applications.page(data));
  }

  @MessagePattern<string>(exportUserApplications.type)
  exportUserApplications(
    @Payload(batchOf(exportUserApplications)) batch: QueryOf<typeof exportUserApplications>[],
  ): Promise<ReplyOf<typeof exportUserApplications>[]> {
    return answerEach(batch, ({ data }) => this.applications.piece(data));
  }

  @MessagePattern<string>(proveCode.type)
  proveCode(@Payload(batchOf(proveCode)) batch: QueryOf<typeof proveCode>[]): Promise<ReplyOf<typeof proveCode>[]> {
    return answerEach(batch, ({ data }) => this.proof.execute(data.code_id));
  }
}
