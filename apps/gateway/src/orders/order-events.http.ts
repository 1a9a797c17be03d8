import {
  Controller,
  Headers,
  HttpStatus,
  type MessageEvent,
  Param,
  Post,
  Query,
  Req,
  Res,
  Sse,
  SseSignal,
} from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { EMPTY, from, type Observable } from 'rxjs';
import { z } from 'zod';
import { streamTicket } from '#contracts/http.js';
import { getOrder, getOrderProgress } from '#contracts/subscriptions/orders.js';
import { id } from '#contracts/wire.js';
import { clientNetworkOf } from '#http/client-address.js';
import { Caller, type CallerIdentity, visibleTo } from '../edge/admission/caller.js';
import { StreamTickets } from '../edge/admission/stream-tickets.js';
import { Endpoint } from '../edge/endpoint/endpoint.js';
import { Services } from '../edge/services/services.js';
import { OrderStreams } from './order-streams.js';

/** A browser's EventSource can set no header. After a lost connection it sends Last-Event-ID by itself. */
const followQuery = z.strictObject({
  lastEventId: z
    .string()
    .max(100)
    .optional()
    .describe('Replaces Last-Event-ID for clients that cannot set the header.'),
  ticket: z.string().max(100).optional().describe('Replaces the token for clients that cannot set the header.'),
});

@ApiTags('Orders')
@Controller('orders')
export class OrderEventsController {
  constructor(
    private readonly streams: OrderStreams,
    private readonly tickets: StreamTickets,
    private readonly services: Services,
  ) {}

  @Post(':id/stream-ticket')
  @Endpoint({
    summary: 'Get a ticket to follow an order live from a browser',
    requests: getOrder,
    answer: streamTicket,
    roles: ['member', 'admin', 'ops'],
    status: 201,
    posted: true,
  })
  async issueStreamTicket(@Param('id', { schema: id }) orderId: string, @Caller() caller: CallerIdentity) {
    // A ticket for an order of somebody else would open nothing. This way its client is informed at once.
    await this.services.request(getOrder, { order_id: orderId, visible_to: visibleTo(caller) });
    return this.tickets.issue(orderId, caller);
  }

  @Sse(':id/events')
  @Endpoint({
    summary: 'Follow an order live',
    requests: getOrderProgress,
    roles: ['member', 'admin', 'ops'],
    streams: true,
    acceptsTicket: true,
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
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Observable<MessageEvent>> {
    const received = Number(lastEventId ?? query.lastEventId ?? 0);
    const after = Number.isSafeInteger(received) ? received : 0;
    const events = await this.streams.follow(
      { orderId, caller, after, address: clientNetworkOf(request) },
      signal,
      reply,
    );
    if (events) return from(events);
    // An EventSource reconnects whenever a stream ends, except after a 204.
    reply.status(HttpStatus.NO_CONTENT);
    return EMPTY;
  }
}
