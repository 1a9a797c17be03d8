import { Body, Controller, Get, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { codeChangesQuery, codePersonsQuery, openingsQuery, promoCodesQuery } from '#contracts/http.js';
import { promoCodeBody, promoCodeChangeBody } from '#contracts/promotions/promo-code-terms.js';
import {
  changeCodeStatus,
  changePromoCode,
  createPromoCode,
  getPromoCode,
  listCodeChanges,
  listCodePersons,
  listPromoCodes,
  previewHours,
  previewHoursBody,
  previewOpenings,
} from '#contracts/promotions/promo-codes.js';
import { id } from '#contracts/wire.js';
import type { Identity } from '#identity/claims.js';
import { Caller, Command, created } from '../edge/admission/caller.js';
import { Endpoint } from '../edge/endpoint/endpoint.js';
import type { RequestCommand } from '../edge/services/request-command.js';
import { Services } from '../edge/services/services.js';

@ApiTags('Admin: promo codes')
@Controller('admin/promo-codes')
export class PromoCodesAdminController {
  constructor(private readonly services: Services) {}

  @Post()
  @Endpoint({
    summary: 'Create a promo code',
    requests: createPromoCode,
    roles: ['admin'],
    key: 'optional',
    status: 201,
    location: '/api/admin/promo-codes/{code_id}',
  })
  async createPromoCode(
    @Body({ schema: promoCodeBody }) body: z.output<typeof promoCodeBody>,
    @Caller() { subject }: Identity,
    @Command() command: RequestCommand,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const made = await this.services.request(createPromoCode, { ...body, created_by: subject }, command);
    return created(reply, `/api/admin/promo-codes/${made.code_id}`, made);
  }

  @Get()
  @Endpoint({ summary: 'List promo codes with their availability', requests: listPromoCodes, roles: ['admin', 'ops'] })
  listPromoCodes(@Query({ schema: promoCodesQuery }) query: z.output<typeof promoCodesQuery>) {
    return this.services.request(listPromoCodes, query);
  }

  @Post('preview-openings')
  @Endpoint({
    summary: 'Preview the opening hours of terms that are not saved',
    requests: previewHours,
    roles: ['admin'],
    posted: true,
  })
  previewHours(@Body({ schema: previewHoursBody }) body: z.output<typeof previewHoursBody>) {
    return this.services.request(previewHours, body);
  }

  @Get(':id')
  @Endpoint({ summary: 'Get a promo code with its counters', requests: getPromoCode, roles: ['admin', 'ops'] })
  getPromoCode(@Param('id', { schema: id }) codeId: string) {
    return this.services.request(getPromoCode, { code_id: codeId });
  }

  @Patch(':id')
  @Endpoint({
    summary: 'Change a promo code for future uses',
    requests: changePromoCode,
    roles: ['admin'],
    key: 'optional',
  })
  changePromoCode(
    @Param('id', { schema: id }) codeId: string,
    @Body({ schema: promoCodeChangeBody }) body: z.output<typeof promoCodeChangeBody>,
    @Caller() { subject }: Identity,
    @Command() command: RequestCommand,
  ) {
    return this.services.request(changePromoCode, { ...body, code_id: codeId, changed_by: subject }, command);
  }

  @Post(':id/activate')
  @Endpoint({ summary: 'Activate a promo code', requests: changeCodeStatus, roles: ['admin'], key: 'optional' })
  activatePromoCode(
    @Param('id', { schema: id }) codeId: string,
    @Caller() caller: Identity,
    @Command() command: RequestCommand,
  ) {
    return this.changeStatus('activate', codeId, caller, command);
  }

  @Post(':id/pause')
  @Endpoint({ summary: 'Pause a promo code', requests: changeCodeStatus, roles: ['admin'], key: 'optional' })
  pausePromoCode(
    @Param('id', { schema: id }) codeId: string,
    @Caller() caller: Identity,
    @Command() command: RequestCommand,
  ) {
    return this.changeStatus('pause', codeId, caller, command);
  }

  @Post(':id/archive')
  @Endpoint({ summary: 'Archive a promo code', requests: changeCodeStatus, roles: ['admin'], key: 'optional' })
  archivePromoCode(
    @Param('id', { schema: id }) codeId: string,
    @Caller() caller: Identity,
    @Command() command: RequestCommand,
  ) {
    return this.changeStatus('archive', codeId, caller, command);
  }

  @Get(':id/audit')
  @Endpoint({ summary: 'List the changes of a promo code', requests: listCodeChanges, roles: ['admin', 'ops'] })
  listCodeChanges(
    @Param('id', { schema: id }) codeId: string,
    @Query({ schema: codeChangesQuery }) paging: z.output<typeof codeChangesQuery>,
  ) {
    return this.services.request(listCodeChanges, { code_id: codeId, ...paging });
  }

  @Get(':id/persons')
  @Endpoint({
    summary: 'List the persons who may use a promo code',
    requests: listCodePersons,
    roles: ['admin', 'ops'],
  })
  listCodePersons(
    @Param('id', { schema: id }) codeId: string,
    @Query({ schema: codePersonsQuery }) paging: z.output<typeof codePersonsQuery>,
  ) {
    return this.services.request(listCodePersons, { code_id: codeId, ...paging });
  }

  @Get(':id/openings')
  @Endpoint({
    summary: 'Preview the opening hours of a promo code',
    requests: previewOpenings,
    roles: ['admin', 'ops'],
  })
  previewOpenings(
    @Param('id', { schema: id }) codeId: string,
    @Query({ schema: openingsQuery }) query: z.output<typeof openingsQuery>,
  ) {
    return this.services.request(previewOpenings, { code_id: codeId, owned_by: null, ...query });
  }

  private changeStatus(
    action: 'activate' | 'pause' | 'archive',
    codeId: string,
    { subject }: Identity,
    command: RequestCommand,
  ) {
    return this.services.request(changeCodeStatus, { code_id: codeId, action, changed_by: subject }, command);
  }
}
