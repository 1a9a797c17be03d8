import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { getCodeSeries, getOfferAnalytics, listTopCodes } from '#contracts/promotions/promo-analytics.js';
import type { QueryOf, ReplyOf } from '#messaging/envelope.js';
import { answerEach, batchOf } from '#messaging/nest/batch-of.js';
import { RankCodes } from './rank-codes.js';
import { ReadOfferAnalytics } from './read-offer-analytics.js';
import { ReadSeries } from './read-series.js';

/** Totals of redemptions, for admins and publishers. */
@Controller()
export class AnalyticsConsumer {
  constructor(
    private readonly offerAnalytics: ReadOfferAnalytics,
    private readonly series: ReadSeries,
    private readonly topCodes: RankCodes,
  ) {}

  @MessagePattern<string>(getOfferAnalytics.type)
  getOfferAnalytics(
    @Payload(batchOf(getOfferAnalytics)) batch: QueryOf<typeof getOfferAnalytics>[],
  ): Promise<ReplyOf<typeof getOfferAnalytics>[]> {
    return answerEach(batch, ({ data }) => this.offerAnalytics.execute(data));
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
}
