import { Controller, Headers, HttpStatus, type MessageEvent, Param, Query, Res, Sse, SseSignal } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { EMPTY, from, type Observable } from 'rxjs';
import { z } from 'zod';
import { getOrderProgress } from '#contracts/subscriptions/orders.js';
import { id } from '#contracts/wire.js';
import { Caller, type CallerIdentity } from '../edge/admission/caller.js';
import { Endpoint } from '../edge/endpoint/endpoint.js';
import { OrderStreams } from './order-streams.js';

/** A browser's EventSource cannot send a token; polyfills that can send the last event id in the query. */
const followQuery = z.strictObject({
  lastEventId: z
    .string()
    .max(100)
    .optional()
    .describe('Replaces Last-Event-ID for clients that cannot set the header.'),
});

@ApiTags('Orders')
@Controller('orders')
export class OrderEventsController {
  constructor(private readonly streams: OrderStreams) {}

  @Sse(':id/events')
  @Endpoint({
    summary: 'Follow an order live',
    requests: getOrderProgress,
    roles: ['member', 'admin', 'ops'],
    streams: true,
    refusals: ['TOO_MANY_STREAMS'],
  })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'The number of the last step that the client has received.',
  })
  async followOrder(
    @Param('id', { schema: id }) orderId: string,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Query({ schema: followQuery }) query: z.output<typeof followQuery>,
    @Caller() caller: CallerIdentity,
    @SseSignal() signal: AbortSignal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Observable<MessageEvent>> {
    const received = Number(lastEventId ?? query.lastEventId ?? 0);
    const after = Number.isSafeInteger(received) ? received : 0;
    const events = await this.streams.follow(orderId, caller, after, signal, reply);
    if (events) return from(events);
    // An EventSource reconnects whenever a stream ends, except after a 204.
    reply.status(HttpStatus.NO_CONTENT);
    return EMPTY;
  }
}
