import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { openingsQuery, publisherCodesQuery } from '#contracts/http.js';
import { previewOpenings } from '#contracts/promotions/promo-codes.js';
import { getPublisherCode, listPublisherCodes } from '#contracts/promotions/publisher-codes.js';
import { id } from '#contracts/wire.js';
import type { Identity } from '#identity/claims.js';
import { Caller } from '../edge/admission/caller.js';
import { Endpoint } from '../edge/endpoint/endpoint.js';
import { Services } from '../edge/services/services.js';

/** A publisher’s own codes. Codes of others are not found. */
@ApiTags('Publisher: promo codes')
@Controller('publisher/promo-codes')
export class PublisherCodesController {
  constructor(private readonly services: Services) {}

  @Get()
  @Endpoint({ summary: 'List your own promo codes', requests: listPublisherCodes, roles: ['publisher'] })
  listPublisherCodes(
    @Query({ schema: publisherCodesQuery }) query: z.output<typeof publisherCodesQuery>,
    @Caller() { subject }: Identity,
  ) {
    return this.services.request(listPublisherCodes, { ...query, owned_by: subject });
  }

  @Get(':id')
  @Endpoint({
    summary: 'Get your own promo code: hours with countdown, remaining uses, offers',
    requests: getPublisherCode,
    roles: ['publisher'],
  })
  getPublisherCode(@Param('id', { schema: id }) codeId: string, @Caller() { subject }: Identity) {
    return this.services.request(getPublisherCode, { code_id: codeId, owned_by: subject });
  }

  @Get(':id/openings')
  @Endpoint({
    summary: 'List the coming active hours of your own promo code',
    requests: previewOpenings,
    roles: ['publisher'],
  })
  previewOwnOpenings(
    @Param('id', { schema: id }) codeId: string,
    @Query({ schema: openingsQuery }) query: z.output<typeof openingsQuery>,
    @Caller() { subject }: Identity,
  ) {
    return this.services.request(previewOpenings, { code_id: codeId, owned_by: subject, ...query });
  }
}
