import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import {
  conversionId,
  conversionsBody,
  getConversion,
  recordConversions,
  reverseConversion,
  reverseConversionBody,
} from '#contracts/promotions/conversions.js';
import { InvalidInput } from '#http/problem.js';
import type { Identity } from '#identity/claims.js';
import { Refusal } from '#kernel/refusal.js';
import { Caller, Command } from '../edge/admission/caller.js';
import { Endpoint } from '../edge/endpoint/endpoint.js';
import type { RequestCommand } from '../edge/services/request-command.js';
import { Services } from '../edge/services/services.js';

/** A thousand conversions with room to spare. */
const bodyLimitBytes = 1_024 * 1_024;

/**
 * Conversions in outside systems, recorded by those systems with a signature, or by admins with an Idempotency-Key.
 * Each conversion has an id of its own and counts once. Outside systems repeat a refused conversion under the same id:
 * it is decided anew, because it may succeed later.
 */
@ApiTags('Conversions')
@Controller('conversions')
export class ConversionsController {
  constructor(private readonly services: Services) {}

  @Post()
  @Endpoint({
    summary: 'Record a conversion, or up to a thousand',
    requests: recordConversions,
    roles: ['admin'],
    key: 'required',
    signed: true,
    bodyLimitBytes,
    refusals: ['SIGNATURE_INVALID'],
  })
  async recordConversions(
    @Body({ schema: conversionsBody }) body: z.output<typeof conversionsBody>,
    @Caller() caller: Identity | undefined,
    @Command() command: RequestCommand,
  ) {
    const request = { conversions: [body].flat(), sender_repeats: caller === undefined };
    const outcomes = await this.services.request(recordConversions, request, command);
    const problem = Array.isArray(body) ? null : outcomes.items[0]?.problem;
    if (problem) throw new Refusal(problem.code, problem.message);
    return outcomes;
  }

  @Get(':id')
  @Endpoint({ summary: 'Get a conversion', requests: getConversion, roles: ['admin', 'ops'] })
  getConversion(@Param('id', { schema: conversionId }) id: string) {
    return this.services.request(getConversion, { conversion_id: id });
  }

  @Post(':id/reverse')
  @Endpoint({
    summary: 'Reverse a conversion',
    requests: reverseConversion,
    roles: ['admin'],
    key: 'required',
    signed: true,
    refusals: ['SIGNATURE_INVALID'],
  })
  reverseConversion(
    @Param('id', { schema: conversionId }) id: string,
    @Body({ schema: reverseConversionBody }) body: z.output<typeof reverseConversionBody>,
    @Caller() caller: Identity | undefined,
    @Command() command: RequestCommand,
  ) {
    assertConversionNamed(id, body, caller);
    const request = { conversion_id: id, reason: body.reason, sender_repeats: caller === undefined };
    return this.services.request(reverseConversion, request, command);
  }
}

/**
 * A signature does not cover the address: without the conversion id in the body, a recorded reversal could be sent to
 * the address of another conversion.
 * @throws InvalidInput
 */
function assertConversionNamed(
  id: string,
  body: z.output<typeof reverseConversionBody>,
  caller: Identity | undefined,
): void {
  const { conversion_id: named = caller ? id : undefined } = body;
  if (named === id) return;
  const message =
    named === undefined
      ? 'A signed request names the conversion in its body.'
      : 'The address names another conversion.';
  throw new InvalidInput([{ field: 'conversion_id', code: named === undefined ? 'REQUIRED' : 'NOT_ALLOWED', message }]);
}
