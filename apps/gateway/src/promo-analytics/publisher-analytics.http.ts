import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { getCodeRefusals } from '#contracts/promotions/decision-receipts.js';
import {
  codeSeriesQuery,
  getCodeSeries,
  getOfferAnalytics,
  offerAnalyticsQuery,
} from '#contracts/promotions/promo-analytics.js';
import { id } from '#contracts/wire.js';
import type { Identity } from '#identity/claims.js';
import { Caller } from '../edge/admission/caller.js';
import { Endpoint } from '../edge/endpoint/endpoint.js';
import { Services } from '../edge/services/services.js';
import { utcDays } from './utc-days.js';

/** Analytics of a publisher's own codes, without the persons who used them. */
@ApiTags('Publisher: promo codes')
@Controller('publisher/promo-codes')
export class PublisherAnalyticsController {
  constructor(private readonly services: Services) {}

  @Get(':id/offer-analytics')
  @Endpoint({
    summary: 'Get the redemptions of your own code by offer',
    requests: getOfferAnalytics,
    roles: ['publisher'],
  })
  getOwnOfferAnalytics(
    @Param('id', { schema: id }) codeId: string,
    @Query({ schema: offerAnalyticsQuery }) query: z.output<typeof offerAnalyticsQuery>,
    @Caller() { subject }: Identity,
  ) {
    return this.services.request(getOfferAnalytics, {
      code_id: codeId,
      owned_by: subject,
      ...query,
      ...utcDays(query),
    });
  }

  @Get(':id/series')
  @Endpoint({ summary: 'Get the redemptions of your own code by day', requests: getCodeSeries, roles: ['publisher'] })
  getOwnCodeSeries(
    @Param('id', { schema: id }) codeId: string,
    @Query({ schema: codeSeriesQuery }) query: z.output<typeof codeSeriesQuery>,
    @Caller() { subject }: Identity,
  ) {
    return this.services.request(getCodeSeries, { code_id: codeId, owned_by: subject, ...utcDays(query) });
  }

  @Get(':id/refusals')
  @Endpoint({
    summary: 'Get the refusals of your own code by reason and day',
    requests: getCodeRefusals,
    roles: ['publisher'],
  })
  getOwnCodeRefusals(
    @Param('id', { schema: id }) codeId: string,
    @Query({ schema: codeSeriesQuery }) query: z.output<typeof codeSeriesQuery>,
    @Caller() { subject }: Identity,
  ) {
    return this.services.request(getCodeRefusals, { code_id: codeId, owned_by: subject, ...utcDays(query) });
  }
}
