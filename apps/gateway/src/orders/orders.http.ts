import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { cancelOrderBody, ordersQuery } from '#contracts/http.js';
import { getOrderMoney } from '#contracts/payments/accounts.js';
import { beginCheckout } from '#contracts/payments/checkout.js';
import { findPaidOrders } from '#contracts/payments/payment-search.js';
import {
  cancelOrder,
  explainOrder,
  getOrder,
  listOrders,
  openDiscountedOrder,
  openOrder,
  openOrderBody,
} from '#contracts/subscriptions/orders.js';
import { id } from '#contracts/wire.js';
import { assertOwner, Caller, type CallerIdentity, Command, created, visibleTo } from '../edge/admission/caller.js';
import { Endpoint } from '../edge/endpoint/endpoint.js';
import type { RequestCommand } from '../edge/services/request-command.js';
import { Services } from '../edge/services/services.js';
import { CodeAttempts } from '../promo-codes/code-attempts.js';

@ApiTags('Orders')
@Controller('orders')
export class OrdersController {
  constructor(
    private readonly services: Services,
    private readonly attempts: CodeAttempts,
  ) {}

  @Post()
  @Endpoint({
    summary: 'Order a class',
    requests: [openOrder, openDiscountedOrder],
    roles: ['member', 'admin'],
    key: 'optional',
    status: 201,
    location: '/api/orders/{order_id}',
    refusals: ['TOO_MANY_CODE_ATTEMPTS'],
  })
  async openOrder(
    @Body({ schema: openOrderBody }) body: z.output<typeof openOrderBody>,
    @Caller() caller: CallerIdentity,
    @Command() command: RequestCommand,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    assertOwner(caller, body.person_id);
    const { promo_code: one, promo_codes: codes = one === undefined ? [] : [one], ...orderRequest } = body;
    const order =
      codes.length === 0
        ? await this.services.request(openOrder, orderRequest, command)
        : await this.attempts.guard(request, reply, codes, () =>
            this.services.request(openDiscountedOrder, { ...orderRequest, promo_codes: codes }, command),
          );
    return created(reply, `/api/orders/${order.order_id}`, order);
  }

  @Get()
  @Endpoint({
    summary: 'List orders; a member sees their own',
    requests: [listOrders, findPaidOrders],
    roles: ['member', 'admin', 'ops'],
  })
  async listOrders(
    @Query({ schema: ordersQuery }) query: z.output<typeof ordersQuery>,
    @Caller() caller: CallerIdentity,
  ) {
    const request = { ...query, visible_to: visibleTo(caller) };
    if (query.search === undefined) return this.services.request(listOrders, request);
    // Only payments has the references of payments.
    const paid = await this.services.request(findPaidOrders, { reference: query.search });
    return this.services.request(listOrders, { ...request, paid_order_ids: paid.order_ids });
  }

  @Get(':id')
  @Endpoint({ summary: 'Get an order', requests: getOrder, roles: ['member', 'admin', 'ops'] })
  getOrder(@Param('id', { schema: id }) orderId: string, @Caller() caller: CallerIdentity) {
    return this.services.request(getOrder, { order_id: orderId, visible_to: visibleTo(caller) });
  }

  @Get(':id/explanation')
  @Endpoint({
    summary: 'Get the calculation of an order, and what it waits for',
    requests: explainOrder,
    roles: ['member', 'admin', 'ops'],
  })
  explainOrder(@Param('id', { schema: id }) orderId: string, @Caller() caller: CallerIdentity) {
    return this.services.request(explainOrder, { order_id: orderId, visible_to: visibleTo(caller) });
  }

  @Get(':id/money')
  @Endpoint({
    summary: 'Get the payments and transfers of an order',
    requests: [getOrderMoney, getOrder],
    roles: ['member', 'admin', 'ops'],
  })
  async getOrderMoney(@Param('id', { schema: id }) orderId: string, @Caller() caller: CallerIdentity) {
    const request = { order_id: orderId, visible_to: visibleTo(caller) };
    // Payments has no owner of an order before it received order-opened; subscriptions checks the owner.
    const [money] = await Promise.all([
      this.services.request(getOrderMoney, request),
      this.services.request(getOrder, request),
    ]);
    return money;
  }

  @Post(':id/checkout')
  @Endpoint({
    summary: 'Open a payment page for what an order lacks',
    requests: beginCheckout,
    roles: ['member', 'admin'],
    key: 'optional',
  })
  beginCheckout(
    @Param('id', { schema: id }) orderId: string,
    @Caller() caller: CallerIdentity,
    @Command() command: RequestCommand,
  ) {
    return this.services.request(beginCheckout, { order_id: orderId, visible_to: visibleTo(caller) }, command);
  }

  @Post(':id/cancel')
  @Endpoint({ summary: 'Cancel an order', requests: cancelOrder, roles: ['member', 'admin'], key: 'optional' })
  cancelOrder(
    @Param('id', { schema: id }) orderId: string,
    @Body({ schema: cancelOrderBody.default({}) }) { reason }: z.output<typeof cancelOrderBody>,
    @Caller() caller: CallerIdentity,
    @Command() command: RequestCommand,
  ) {
    const request = { order_id: orderId, visible_to: visibleTo(caller), reason };
    return this.services.request(cancelOrder, request, command);
  }
}
