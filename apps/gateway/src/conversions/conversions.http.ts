import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { senderQuery } from '#contracts/promotions/conversion-senders.js';
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
import { Caller, Command, Sender } from '../edge/admission/caller.js';
import { Endpoint } from '../edge/endpoint/endpoint.js';
import type { RequestCommand } from '../edge/services/request-command.js';
import { Services } from '../edge/services/services.js';

type SenderQuery = z.output<typeof senderQuery>;

/** A thousand conversions with room to spare. */
const bodyLimitBytes = 1_024 * 1_024;

/**
 * Conversions in outside systems, recorded by those systems with a signature, or by admins with an Idempotency-Key.
 * Each conversion has an id of its own, which belongs to its sender, and counts once. Outside systems repeat a refused
 * conversion under the same id: it is decided anew, because it may succeed later.
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
    @Query({ schema: senderQuery }) query: SenderQuery,
    @Sender() signer: string | undefined,
    @Command() command: RequestCommand,
  ) {
    const sender = senderOf(query, signer);
    const request = { conversions: [body].flat(), sender, sender_repeats: signer !== undefined };
    const outcomes = await this.services.request(recordConversions, request, command);
    const problem = Array.isArray(body) ? null : outcomes.items[0]?.problem;
    if (problem) throw new Refusal(problem.code, problem.message);
    return outcomes;
  }

  @Get(':id')
  @Endpoint({ summary: 'Get a conversion', requests: getConversion, roles: ['admin', 'ops'] })
  getConversion(@Param('id', { schema: conversionId }) id: string, @Query({ schema: senderQuery }) query: SenderQuery) {
    return this.services.request(getConversion, { conversion_id: id, sender: senderOf(query) });
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
    @Query({ schema: senderQuery }) query: SenderQuery,
    @Caller() caller: Identity | undefined,
    @Sender() signer: string | undefined,
    @Command() command: RequestCommand,
  ) {
    assertConversionNamed(id, body, caller);
    const sender = senderOf(query, signer);
    const request = { conversion_id: id, sender, reason: body.reason, sender_repeats: signer !== undefined };
    return this.services.request(reverseConversion, request, command);
  }
}

/**
 * Whose conversion it is: that of the outside system that signed the request, or the one that an admin names. A
 * signature does not cover the query.
 * @throws InvalidInput
 */
function senderOf({ sender: named }: SenderQuery, signer?: string): string | undefined {
  if (signer === undefined) return named;
  if (named === undefined) return signer;
  const message = 'A signed request is of the system that signed it.';
  throw new InvalidInput([{ field: 'sender', code: 'NOT_ALLOWED', message }]);
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
