import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { personReceiptsQuery } from '#contracts/http.js';
import { listPersonReceipts } from '#contracts/promotions/decision-receipts.js';
import { id } from '#contracts/wire.js';
import { assertOwner, Caller, type CallerIdentity } from '../edge/admission/caller.js';
import { Endpoint } from '../edge/endpoint/endpoint.js';
import { Services } from '../edge/services/services.js';

/** What was decided about the promo codes of a person, as the person may see it. */
@ApiTags('Promo codes')
@Controller('persons')
export class PersonReceiptsController {
  constructor(private readonly services: Services) {}

  @Get(':id/promo-code-receipts')
  @Endpoint({
    summary: 'List the decisions about the promo codes of a person, as they may see them',
    requests: listPersonReceipts,
    roles: ['member', 'admin', 'ops'],
    refusals: ['PERSON_NOT_FOUND'],
  })
  listPersonReceipts(
    @Param('id', { schema: id }) personId: string,
    @Query({ schema: personReceiptsQuery }) paging: z.output<typeof personReceiptsQuery>,
    @Caller() caller: CallerIdentity,
  ) {
    assertOwner(caller, personId);
    return this.services.request(listPersonReceipts, { person_id: personId, ...paging });
  }
}
