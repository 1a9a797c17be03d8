import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { validateCodes, validateCodesBody } from '#contracts/promotions/promo-redemptions.js';
import { getOrder } from '#contracts/subscriptions/orders.js';
import { InvalidInput } from '#http/problem.js';
import { Refusal } from '#kernel/refusal.js';
import { assertOwner, Caller, type CallerIdentity, visibleTo } from '../edge/admission/caller.js';
import { Endpoint } from '../edge/endpoint/endpoint.js';
import { Services } from '../edge/services/services.js';
import { CodeAttempts, isFailedGuess } from './code-attempts.js';

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
    summary: 'Validate promo codes',
    requests: [validateCodes, getOrder],
    roles: ['member', 'publisher', 'admin'],
    posted: true,
    refusals: ['PERSON_NOT_FOUND', 'TOO_MANY_CODE_ATTEMPTS'],
  })
  async validate(
    @Body({ schema: validateCodesBody }) body: ValidateBody,
    @Caller() caller: CallerIdentity,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { role, subject } = caller;
    const validation = {
      person_id: personOf(body, caller),
      codes: body.promo_codes ?? [body.promo_code as string],
      ...(await this.purchase(body, caller)),
      visible_to: visibleTo(caller),
      ...(role === 'publisher' ? { publisher_id: subject } : {}),
    };
    const send = () => this.services.request(validateCodes, validation);
    return this.attempts.guard(request, reply, validation.codes, send, ({ refusal }) => isFailedGuess(refusal?.code));
  }

  /** The offer and price that the codes are validated for: those of the body, or those of an order. */
  private async purchase(
    { order_id: orderId, offer_id, amount_minor, currency }: ValidateBody,
    caller: CallerIdentity,
  ) {
    if (orderId === undefined) return { offer_id: offer_id as string, amount_minor, currency };
    // A publisher may not see orders.
    if (caller.role === 'publisher') throw new Refusal('ORDER_NOT_FOUND', 'There is no such order.', { orderId });
    const order = await this.services.request(getOrder, { order_id: orderId, visible_to: visibleTo(caller) });
    return {
      offer_id: order.class_id,
      amount_minor: order.price_minor ?? order.amount_minor,
      currency: order.currency,
    };
  }
}

/**
 * The person that the codes are validated for; null for nobody in particular. A publisher names nobody: whether a code
 * works for a person shows whether the person is new, is listed, or has used it.
 * @throws InvalidInput, and Refusal PERSON_NOT_FOUND when a member names another person
 */
function personOf({ person_id: personId }: ValidateBody, caller: CallerIdentity): string | null {
  const field = 'person_id';
  if (personId === undefined) {
    if (caller.role === 'member') throw new InvalidInput([{ field, code: 'REQUIRED', message: 'Name the person.' }]);
    return null;
  }
  if (caller.role === 'publisher')
    throw new InvalidInput([
      { field, code: 'NOT_ALLOWED', message: 'A publisher validates for nobody in particular.' },
    ]);
  assertOwner(caller, personId);
  return personId;
}
