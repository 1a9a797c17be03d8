import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { listTopCodes, topCodesQuery } from '#contracts/promotions/promo-analytics.js';
import { Endpoint } from '../edge/endpoint/endpoint.js';
import { Services } from '../edge/services/services.js';
import { utcDays } from './utc-days.js';

@ApiTags('Admin: promo codes')
@Controller('admin/promotions')
export class PromotionsOverviewController {
  constructor(private readonly services: Services) {}

  @Get('top-codes')
  @Endpoint({ summary: 'List the top promo codes', requests: listTopCodes, roles: ['admin', 'ops'] })
  listTopCodes(@Query({ schema: topCodesQuery }) query: z.output<typeof topCodesQuery>) {
    return this.services.request(listTopCodes, { ...query, ...utcDays(query) });
  }
}
