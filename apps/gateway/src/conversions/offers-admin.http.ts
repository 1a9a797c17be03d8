import { Body, Controller, Delete, Get, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { offersQuery } from '#contracts/http.js';
import {
  changeOffer,
  changeOfferBody,
  deleteOffer,
  getOffer,
  listOffers,
  registerOffer,
  registerOfferBody,
} from '#contracts/promotions/offers.js';
import { offerId } from '#contracts/promotions/promo-redemptions.js';
import { Command, created } from '../edge/admission/caller.js';
import { Endpoint } from '../edge/endpoint/endpoint.js';
import type { RequestCommand } from '../edge/services/request-command.js';
import { Services } from '../edge/services/services.js';

/** The offers that promo codes apply to: classes, and offers of outside systems. */
@ApiTags('Admin: offers')
@Controller('admin/offers')
export class OffersAdminController {
  constructor(private readonly services: Services) {}

  @Post()
  @Endpoint({
    summary: 'Register an offer of an outside system',
    requests: registerOffer,
    roles: ['admin'],
    key: 'optional',
    status: 201,
    location: '/api/admin/offers/{offer_id}',
  })
  async registerOffer(
    @Body({ schema: registerOfferBody }) body: z.output<typeof registerOfferBody>,
    @Command() command: RequestCommand,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const offer = await this.services.request(registerOffer, body, command);
    return created(reply, `/api/admin/offers/${encodeURIComponent(offer.offer_id)}`, offer);
  }

  @Get()
  @Endpoint({ summary: 'List offers', requests: listOffers, roles: ['admin', 'ops'] })
  listOffers(@Query({ schema: offersQuery }) query: z.output<typeof offersQuery>) {
    return this.services.request(listOffers, query);
  }

  @Get(':id')
  @Endpoint({ summary: 'Get an offer', requests: getOffer, roles: ['admin', 'ops'] })
  getOffer(@Param('id', { schema: offerId }) id: string) {
    return this.services.request(getOffer, { offer_id: id });
  }

  @Patch(':id')
  @Endpoint({ summary: 'Change an offer', requests: changeOffer, roles: ['admin'], key: 'optional' })
  changeOffer(
    @Param('id', { schema: offerId }) id: string,
    @Body({ schema: changeOfferBody }) body: z.output<typeof changeOfferBody>,
    @Command() command: RequestCommand,
  ) {
    return this.services.request(changeOffer, { ...body, offer_id: id }, command);
  }

  @Delete(':id')
  @Endpoint({ summary: 'Delete an offer', requests: deleteOffer, roles: ['admin'], key: 'optional' })
  deleteOffer(@Param('id', { schema: offerId }) id: string, @Command() command: RequestCommand) {
    return this.services.request(deleteOffer, { offer_id: id }, command);
  }
}
