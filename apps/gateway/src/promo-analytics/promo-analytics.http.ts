import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { userApplicationsQuery } from '#contracts/http.js';
import {
  codeSeriesQuery,
  exportUserApplications,
  getCodeSeries,
  getOfferAnalytics,
  listUserApplications,
  offerAnalyticsQuery,
  proveCode,
  userApplicationFilter,
} from '#contracts/promotions/promo-analytics.js';
import { id } from '#contracts/wire.js';
import { csvFile } from '../edge/bodies/csv-files.js';
import { Endpoint } from '../edge/endpoint/endpoint.js';
import { Services } from '../edge/services/services.js';
import { linksTo, requestedPage } from './paging.js';
import { utcDays } from './utc-days.js';

/** Applications per request while a file is written. */
const pieceSize = 1_000;

const columns = [
  'user_id',
  'username',
  'email',
  'offer_id',
  'offer_name',
  'applied_at',
  'bonus_earned',
  'currency',
  'conversion_id',
  'bonus_earned_minor',
] as const;

@ApiTags('Admin: promo codes')
@Controller('admin/promo-codes')
export class PromoAnalyticsController {
  constructor(private readonly services: Services) {}

  @Get(':id/offer-analytics')
  @Endpoint({ summary: 'Get the redemptions of a code by offer', requests: getOfferAnalytics, roles: ['admin', 'ops'] })
  getOfferAnalytics(
    @Param('id', { schema: id }) codeId: string,
    @Query({ schema: offerAnalyticsQuery }) query: z.output<typeof offerAnalyticsQuery>,
  ) {
    return this.services.request(getOfferAnalytics, { code_id: codeId, owned_by: null, ...query, ...utcDays(query) });
  }

  @Get(':id/user-applications')
  @Endpoint({
    summary: 'List the applications of a code by person, newest first',
    requests: listUserApplications,
    roles: ['admin', 'ops'],
    links: true,
    refusals: ['OUT_OF_RANGE'],
  })
  async listUserApplications(
    @Param('id', { schema: id }) codeId: string,
    @Query({ schema: userApplicationsQuery }) query: z.output<typeof userApplicationsQuery>,
    @Req() { url }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const list = await this.services.request(listUserApplications, {
      code_id: codeId,
      ...requestedPage(query),
      ...utcDays(query),
    });
    const links = linksTo(url, list);
    if (links) reply.header('link', links);
    return list;
  }

  @Get(':id/user-applications.csv')
  @Endpoint({
    summary: 'Export the applications of a code as CSV',
    requests: exportUserApplications,
    roles: ['admin', 'ops'],
    csv: true,
  })
  exportUserApplications(
    @Param('id', { schema: id }) codeId: string,
    @Query({ schema: userApplicationFilter }) filter: z.output<typeof userApplicationFilter>,
  ) {
    return csvFile(`user-applications-${codeId}.csv`, columns, async (below: number | null) => {
      const request = { code_id: codeId, ...filter, ...utcDays(filter), below, limit: pieceSize };
      const { applications, next } = await this.services.request(exportUserApplications, request);
      return { rows: applications.map((application) => columns.map((column) => application[column])), next };
    });
  }

  @Get(':id/series')
  @Endpoint({ summary: 'Get the redemptions of a code by day', requests: getCodeSeries, roles: ['admin', 'ops'] })
  getCodeSeries(
    @Param('id', { schema: id }) codeId: string,
    @Query({ schema: codeSeriesQuery }) query: z.output<typeof codeSeriesQuery>,
  ) {
    return this.services.request(getCodeSeries, { code_id: codeId, owned_by: null, ...utcDays(query) });
  }

  @Get(':id/proof')
  @Endpoint({ summary: 'Check the counters of a code against its rows', requests: proveCode, roles: ['admin', 'ops'] })
  proveCode(@Param('id', { schema: id }) codeId: string) {
    return this.services.request(proveCode, { code_id: codeId });
  }
}
