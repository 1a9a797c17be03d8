import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { heldCodesQuery } from '#contracts/http.js';
import { applyCode, applyCodeBody, listHeldCodes } from '#contracts/promotions/promo-applications.js';
import { id } from '#contracts/wire.js';
import { assertOwner, Caller, type CallerIdentity, Command, visibleTo } from '../edge/admission/caller.js';
import { Endpoint } from '../edge/endpoint/endpoint.js';
import type { RequestCommand } from '../edge/services/request-command.js';
import { Services } from '../edge/services/services.js';
import { CodeAttempts } from './code-attempts.js';

/** Bonus codes that persons apply. */
@ApiTags('Promo codes')
@Controller()
export class HeldCodesController {
  constructor(
    private readonly services: Services,
    private readonly attempts: CodeAttempts,
  ) {}

  @Post('promo-codes/apply')
  @Endpoint({
    summary: 'Apply a bonus code',
    requests: applyCode,
    roles: ['member', 'admin'],
    key: 'optional',
    refusals: ['TOO_MANY_CODE_ATTEMPTS', 'PERSON_NOT_FOUND'],
  })
  applyCode(
    @Body({ schema: applyCodeBody }) body: z.output<typeof applyCodeBody>,
    @Caller() caller: CallerIdentity,
    @Command() command: RequestCommand,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    assertOwner(caller, body.person_id);
    return this.attempts.guard(request, reply, [body.promo_code], () =>
      this.services.request(applyCode, { ...body, visible_to: visibleTo(caller) }, command),
    );
  }

  @Get('persons/:id/promo-codes')
  @Endpoint({
    summary: 'List the bonus codes of a person',
    requests: listHeldCodes,
    roles: ['member', 'admin', 'ops'],
    refusals: ['PERSON_NOT_FOUND'],
  })
  listHeldCodes(
    @Param('id', { schema: id }) personId: string,
    @Query({ schema: heldCodesQuery }) paging: z.output<typeof heldCodesQuery>,
    @Caller() caller: CallerIdentity,
  ) {
    assertOwner(caller, personId);
    return this.services.request(listHeldCodes, { person_id: personId, ...paging });
  }
}
