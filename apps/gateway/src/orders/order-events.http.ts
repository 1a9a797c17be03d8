import { Controller, Headers, HttpStatus, type MessageEvent, Param, Query, Res, Sse, SseSignal } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { EMPTY, from, type Observable } from 'rxjs';
import { z } from 'zod';
import { getOrderProgress } from '#contracts/orders.js';
import { id } from '#contracts/wire.js';
import type { Identity } from '#identity/verify-token.js';
import { Caller } from '../edge/caller.js';
import { Endpoint } from '../edge/endpoint.js';
import { OrderStreams } from './order-streams.js';

/** Browsers' own EventSource sends no token; the polyfills that do tell in the query what they have seen. */
const followQuery = z.strictObject({
  lastEventId: z.string().max(100).optional().describe('As Last-Event-ID, of clients that cannot set it.'),
});

@ApiTags('Orders')
@Controller('orders')
export class OrderEventsController {
  constructor(private readonly streams: OrderStreams) {}

  @Sse(':id/events')
  @Endpoint({
    summary: 'Follow an order live',
    sends: getOrderProgress,
    roles: ['member', 'admin', 'ops'],
    streams: true,
    refusals: ['TOO_MANY_STREAMS'],
  })
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'The last step that the client has seen.' })
  async followOrder(
    @Param('id', { schema: id }) orderId: string,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Query({ schema: followQuery }) query: z.output<typeof followQuery>,
    @Caller() caller: Identity,
    @SseSignal() signal: AbortSignal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Observable<MessageEvent>> {
    const seen = Number(lastEventId ?? query.lastEventId ?? 0);
    const events = await this.streams.follow(orderId, caller, Number.isSafeInteger(seen) ? seen : 0, signal, reply);
    if (events) return from(events);
    // An EventSource comes back whenever a stream ends; this tells it to stay away.
    reply.status(HttpStatus.NO_CONTENT);
    return EMPTY;
  }
}
