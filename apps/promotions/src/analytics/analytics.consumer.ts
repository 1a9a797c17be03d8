import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  exportUserApplications,
  getCodeSeries,
  getOfferAnalytics,
  listDecisionReceipts,
  listTopCodes,
  listUserApplications,
  proveCode,
} from '#contracts/promo-analytics.js';
import type { QueryOf, ReplyOf } from '#messaging/envelope.js';
import { answerEach, batchOf } from '#messaging/nest/batch-of.js';
import { ListApplications } from './list-applications.js';
import { ListReceipts } from './list-receipts.js';
import { ProveCode } from './prove-code.js';
import { RankCodes } from './rank-codes.js';
import { ReadOfferAnalytics } from './read-offer-analytics.js';
import { ReadSeries } from './read-series.js';

/** What admins and publishers ask about the uses of codes. */
@Controller()
export class AnalyticsConsumer {
  constructor(
    private readonly offerAnalytics: ReadOfferAnalytics,
    private readonly applications: ListApplications,
    private readonly series: ReadSeries,
    private readonly topCodes: RankCodes,
    private readonly receipts: ListReceipts,
    private readonly proof: ProveCode,
  ) {}

  @MessagePattern<string>(getOfferAnalytics.type)
  getOfferAnalytics(
    @Payload(batchOf(getOfferAnalytics)) batch: QueryOf<typeof getOfferAnalytics>[],
  ): Promise<ReplyOf<typeof getOfferAnalytics>[]> {
    return answerEach(batch, ({ data }) => this.offerAnalytics.execute(data));
  }

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

  @MessagePattern<string>(getCodeSeries.type)
  getCodeSeries(
    @Payload(batchOf(getCodeSeries)) batch: QueryOf<typeof getCodeSeries>[],
  ): Promise<ReplyOf<typeof getCodeSeries>[]> {
    return answerEach(batch, ({ data }) => this.series.execute(data));
  }

  @MessagePattern<string>(listTopCodes.type)
  listTopCodes(
    @Payload(batchOf(listTopCodes)) batch: QueryOf<typeof listTopCodes>[],
  ): Promise<ReplyOf<typeof listTopCodes>[]> {
    return answerEach(batch, ({ data }) => this.topCodes.execute(data));
  }

  @MessagePattern<string>(listDecisionReceipts.type)
  listDecisionReceipts(
    @Payload(batchOf(listDecisionReceipts)) batch: QueryOf<typeof listDecisionReceipts>[],
  ): Promise<ReplyOf<typeof listDecisionReceipts>[]> {
    return answerEach(batch, ({ data }) => this.receipts.execute(data));
  }

  @MessagePattern<string>(proveCode.type)
  proveCode(@Payload(batchOf(proveCode)) batch: QueryOf<typeof proveCode>[]): Promise<ReplyOf<typeof proveCode>[]> {
    return answerEach(batch, ({ data }) => this.proof.execute(data.code_id));
  }
}
