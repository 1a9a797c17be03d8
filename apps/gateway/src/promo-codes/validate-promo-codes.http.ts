import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { getOrder } from '#contracts/orders.js';
import { validateCodes, validateCodesBody } from '#contracts/promo-redemptions.js';
import type { Identity } from '#identity/verify-token.js';
import { Refusal } from '#kernel/refusal.js';
import { Caller, mustSee, visibleTo } from '../edge/caller.js';
import { Endpoint } from '../edge/endpoint.js';
import { Services } from '../edge/services.js';
import { CodeAttempts, isMiss } from './code-attempts.js';

type ValidateBody = z.output<typeof validateCodesBody>;

@ApiTags('Promo codes')
@Controller('promo-codes')
export class ValidatePromoCodesController {
  constructor(
    private readonly services: Services,
    private readonly attempts: CodeAttempts,
  ) {}

  @Post('validate')
  @Endpoint({
    summary: 'What promo codes would give',
    sends: [validateCodes, getOrder],
    roles: ['member', 'publisher', 'admin'],
    posted: true,
    refusals: ['PERSON_NOT_FOUND', 'TOO_MANY_CODE_ATTEMPTS'],
  })
  async validate(
    @Body({ schema: validateCodesBody }) body: ValidateBody,
    @Caller() caller: Identity,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    mustSee(caller, body.person_id);
    const { role, subject } = caller;
    const asked = {
      person_id: body.person_id,
      codes: body.promo_codes ?? [body.promo_code as string],
      ...(await this.purchase(body, caller)),
      visible_to: visibleTo(caller),
      ...(role === 'publisher' ? { publisher_id: subject } : {}),
    };
    const ask = () => this.services.request(validateCodes, asked);
    return this.attempts.guard(request, reply, asked.codes, ask, ({ refusal }) => isMiss(refusal?.code));
  }

  /** What the codes are to be used for: an offer as it is named, or the one of an order, at its price. */
  private async purchase({ order_id: orderId, offer_id, amount_minor, currency }: ValidateBody, caller: Identity) {
    if (orderId === undefined) return { offer_id: offer_id as string, amount_minor, currency };
    // Whose orders are what is not a publisher's to know.
    if (caller.role === 'publisher') throw new Refusal('ORDER_NOT_FOUND', 'There is no such order.', { orderId });
    const order = await this.services.request(getOrder, { order_id: orderId, visible_to: visibleTo(caller) });
    return {
      offer_id: order.class_id,
      amount_minor: order.price_minor ?? order.amount_minor,
      currency: order.currency,
    };
  }
}
