import { Body, Controller, Get, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { openingsQuery, pageQuery, promoCodesQuery } from '#contracts/http.js';
import { promoCodeBody, promoCodeChangeBody } from '#contracts/promo-code-terms.js';
import {
  changePromoCode,
  createPromoCode,
  getPromoCode,
  listCodeChanges,
  listCodePersons,
  listPromoCodes,
  moveCodeStatus,
  previewOpenings,
} from '#contracts/promo-codes.js';
import { id } from '#contracts/wire.js';
import type { Identity } from '#identity/verify-token.js';
import { Caller, CommandId, created } from '../edge/caller.js';
import { Endpoint } from '../edge/endpoint.js';
import { Services } from '../edge/services.js';

@ApiTags('Admin: promo codes')
@Controller('admin/promo-codes')
export class PromoCodesAdminController {
  constructor(private readonly services: Services) {}

  @Post()
  @Endpoint({
    summary: 'Make a promo code',
    sends: createPromoCode,
    roles: ['admin'],
    key: 'optional',
    status: 201,
    location: '/api/admin/promo-codes/{code_id}',
  })
  async createPromoCode(
    @Body({ schema: promoCodeBody }) body: z.output<typeof promoCodeBody>,
    @Caller() { subject }: Identity,
    @CommandId() commandId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const made = await this.services.request(createPromoCode, { ...body, created_by: subject }, commandId);
    return created(reply, `/api/admin/promo-codes/${made.code_id}`, made);
  }

  @Get()
  @Endpoint({ summary: 'Promo codes, newest first', sends: listPromoCodes, roles: ['admin', 'ops'] })
  listPromoCodes(@Query({ schema: promoCodesQuery }) query: z.output<typeof promoCodesQuery>) {
    return this.services.request(listPromoCodes, query);
  }

  @Get(':id')
  @Endpoint({ summary: 'A promo code with its counters', sends: getPromoCode, roles: ['admin', 'ops'] })
  getPromoCode(@Param('id', { schema: id }) codeId: string) {
    return this.services.request(getPromoCode, { code_id: codeId });
  }

  @Patch(':id')
  @Endpoint({
    summary: 'Change a promo code for uses to come',
    sends: changePromoCode,
    roles: ['admin'],
    key: 'optional',
  })
  changePromoCode(
    @Param('id', { schema: id }) codeId: string,
    @Body({ schema: promoCodeChangeBody }) body: z.output<typeof promoCodeChangeBody>,
    @Caller() { subject }: Identity,
    @CommandId() commandId: string,
  ) {
    return this.services.request(changePromoCode, { ...body, code_id: codeId, changed_by: subject }, commandId);
  }

  @Post(':id/enable')
  @Endpoint({ summary: 'Let a promo code work', sends: moveCodeStatus, roles: ['admin'], key: 'optional' })
  enablePromoCode(
    @Param('id', { schema: id }) codeId: string,
    @Caller() caller: Identity,
    @CommandId() commandId: string,
  ) {
    return this.move('enable', codeId, caller, commandId);
  }

  @Post(':id/disable')
  @Endpoint({ summary: 'Stop a promo code for now', sends: moveCodeStatus, roles: ['admin'], key: 'optional' })
  disablePromoCode(
    @Param('id', { schema: id }) codeId: string,
    @Caller() caller: Identity,
    @CommandId() commandId: string,
  ) {
    return this.move('disable', codeId, caller, commandId);
  }

  @Post(':id/archive')
  @Endpoint({ summary: 'Put a promo code away for ever', sends: moveCodeStatus, roles: ['admin'], key: 'optional' })
  archivePromoCode(
    @Param('id', { schema: id }) codeId: string,
    @Caller() caller: Identity,
    @CommandId() commandId: string,
  ) {
    return this.move('archive', codeId, caller, commandId);
  }

  @Get(':id/audit')
  @Endpoint({ summary: 'Who changed a promo code, and what', sends: listCodeChanges, roles: ['admin', 'ops'] })
  listCodeChanges(
    @Param('id', { schema: id }) codeId: string,
    @Query({ schema: pageQuery }) paging: z.output<typeof pageQuery>,
  ) {
    return this.services.request(listCodeChanges, { code_id: codeId, ...paging });
  }

  @Get(':id/persons')
  @Endpoint({ summary: 'Whom a listed promo code is for', sends: listCodePersons, roles: ['admin', 'ops'] })
  listCodePersons(
    @Param('id', { schema: id }) codeId: string,
    @Query({ schema: pageQuery }) paging: z.output<typeof pageQuery>,
  ) {
    return this.services.request(listCodePersons, { code_id: codeId, ...paging });
  }

  @Get(':id/openings')
  @Endpoint({ summary: 'When a promo code’s hours open', sends: previewOpenings, roles: ['admin', 'ops'] })
  previewOpenings(
    @Param('id', { schema: id }) codeId: string,
    @Query({ schema: openingsQuery }) query: z.output<typeof openingsQuery>,
  ) {
    return this.services.request(previewOpenings, { code_id: codeId, owned_by: null, ...query });
  }

  private move(move: 'enable' | 'disable' | 'archive', codeId: string, { subject }: Identity, commandId: string) {
    return this.services.request(moveCodeStatus, { code_id: codeId, move, changed_by: subject }, commandId);
  }
}
