import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { classesQuery } from '#contracts/http.js';
import {
  getClass,
  listClasses,
  quoteBody,
  quoteClass,
  quoteDiscountedClass,
} from '#contracts/subscriptions/classes.js';
import { id } from '#contracts/wire.js';
import { assertOwner, Caller, type CallerIdentity, personNotFound, visibleTo } from '../edge/admission/caller.js';
import { Endpoint } from '../edge/endpoint/endpoint.js';
import { Services } from '../edge/services/services.js';
import { CodeAttempts, isFailedGuess } from '../promo-codes/code-attempts.js';

@ApiTags('Classes')
@Controller('classes')
export class ClassesController {
  constructor(
    private readonly services: Services,
    private readonly attempts: CodeAttempts,
  ) {}

  @Get()
  @Endpoint({ summary: 'List classes', requests: listClasses, roles: ['member', 'publisher', 'admin', 'ops'] })
  listClasses(@Query({ schema: classesQuery }) paging: z.output<typeof classesQuery>) {
    return this.services.request(listClasses, paging);
  }

  @Get(':id')
  @Endpoint({ summary: 'Get a class', requests: getClass, roles: ['member', 'publisher', 'admin', 'ops'] })
  getClass(@Param('id', { schema: id }) classId: string) {
    return this.services.request(getClass, { class_id: classId });
  }

  @Post(':id/quote')
  @Endpoint({
    summary: 'Quote the price of a class, with or without promo codes',
    requests: [quoteClass, quoteDiscountedClass],
    roles: ['member', 'publisher', 'admin', 'ops'],
    posted: true,
    refusals: ['TOO_MANY_CODE_ATTEMPTS'],
  })
  quoteClass(
    @Param('id', { schema: id }) classId: string,
    @Body({ schema: quoteBody.default({}) }) body: z.output<typeof quoteBody>,
    @Caller() caller: CallerIdentity,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { person_id: personId, promo_code: one, promo_codes: codes = one === undefined ? [] : [one] } = body;
    const chosen = { class_id: classId, chosen_amount_minor: body.chosen_amount_minor };
    if (personId === undefined) return this.services.request(quoteClass, chosen);
    assertOwner(caller, personId);
    // A price for a person and a verdict say things of the person: only the person and admins may see them.
    const maySee = caller.role === 'member' || caller.role === 'admin';
    if (codes.length === 0)
      return this.services.request(quoteClass, { ...chosen, ...(maySee && { person_id: personId }) });
    if (!maySee) throw personNotFound(personId);
    const quote = { ...chosen, person_id: personId, promo_codes: codes, visible_to: visibleTo(caller) };
    return this.attempts.guard(
      request,
      reply,
      codes,
      () => this.services.request(quoteDiscountedClass, quote),
      ({ promo_codes: verdict }) => isFailedGuess(verdict?.refusal?.code),
    );
  }
}
