import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { codeReceiptsQuery } from '#contracts/http.js';
import {
  getCodeRefusals,
  listDecisionReceipts,
  simulateCode,
  simulateCodeBody,
} from '#contracts/promotions/decision-receipts.js';
import { codeSeriesQuery } from '#contracts/promotions/promo-analytics.js';
import { id } from '#contracts/wire.js';
import { Endpoint } from '../edge/endpoint/endpoint.js';
import { Services } from '../edge/services/services.js';
import { utcDays } from '../promo-analytics/utc-days.js';

/** Why a code was allowed and refused, and whether it would be. */
@ApiTags('Admin: promo codes')
@Controller('admin/promo-codes')
export class CodeDecisionsController {
  constructor(private readonly services: Services) {}

  @Get(':id/receipts')
  @Endpoint({
    summary: 'List the decision receipts of a code',
    requests: listDecisionReceipts,
    roles: ['admin', 'ops'],
  })
  listCodeReceipts(
    @Param('id', { schema: id }) codeId: string,
    @Query({ schema: codeReceiptsQuery }) query: z.output<typeof codeReceiptsQuery>,
  ) {
    return this.services.request(listDecisionReceipts, { code_id: codeId, ...query });
  }

  @Get(':id/refusals')
  @Endpoint({
    summary: 'Get the refusals of a code by reason and day',
    requests: getCodeRefusals,
    roles: ['admin', 'ops'],
  })
  getCodeRefusals(
    @Param('id', { schema: id }) codeId: string,
    @Query({ schema: codeSeriesQuery }) query: z.output<typeof codeSeriesQuery>,
  ) {
    return this.services.request(getCodeRefusals, { code_id: codeId, owned_by: null, ...utcDays(query) });
  }

  @Post(':id/simulate')
  @Endpoint({
    summary: 'Simulate a decision for another time, person, offer or amount',
    requests: simulateCode,
    roles: ['admin', 'ops'],
    posted: true,
  })
  simulateCode(
    @Param('id', { schema: id }) codeId: string,
    @Body({ schema: simulateCodeBody }) body: z.output<typeof simulateCodeBody>,
  ) {
    return this.services.request(simulateCode, { ...body, code_id: codeId });
  }
}
