import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { receiptsQuery } from '#contracts/http.js';
import { getDecisionReceipt, listDecisionReceipts } from '#contracts/promotions/decision-receipts.js';
import { id } from '#contracts/wire.js';
import { Endpoint } from '../edge/endpoint/endpoint.js';
import { Services } from '../edge/services/services.js';

/** The receipts of decisions about all codes. */
@ApiTags('Admin: promo codes')
@Controller('admin/promotions/receipts')
export class DecisionReceiptsController {
  constructor(private readonly services: Services) {}

  @Get()
  @Endpoint({
    summary: 'List decision receipts by code, person, order, decision, reason and time',
    requests: listDecisionReceipts,
    roles: ['admin', 'ops'],
  })
  listReceipts(@Query({ schema: receiptsQuery }) query: z.output<typeof receiptsQuery>) {
    return this.services.request(listDecisionReceipts, query);
  }

  @Get(':id')
  @Endpoint({
    summary: 'Get a decision receipt with every rule in order',
    requests: getDecisionReceipt,
    roles: ['admin', 'ops'],
  })
  getReceipt(@Param('id', { schema: id }) receiptId: string) {
    return this.services.request(getDecisionReceipt, { receipt_id: receiptId });
  }
}
