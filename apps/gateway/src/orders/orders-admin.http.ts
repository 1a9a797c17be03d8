import { Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { approveOrder, countOrderQueues } from '#contracts/subscriptions/orders.js';
import { id } from '#contracts/wire.js';
import { Command } from '../edge/admission/caller.js';
import { Endpoint } from '../edge/endpoint/endpoint.js';
import type { RequestCommand } from '../edge/services/request-command.js';
import { Services } from '../edge/services/services.js';

@ApiTags('Admin: orders')
@Controller('admin/orders')
export class OrdersAdminController {
  constructor(private readonly services: Services) {}

  @Get('queues')
  @Endpoint({ summary: 'Count the orders that wait', requests: countOrderQueues, roles: ['admin', 'ops'] })
  countOrderQueues() {
    return this.services.request(countOrderQueues, {});
  }

  @Post(':id/approve')
  @Endpoint({ summary: 'Approve a paid order', requests: approveOrder, roles: ['admin'], key: 'optional' })
  approveOrder(@Param('id', { schema: id }) orderId: string, @Command() command: RequestCommand) {
    return this.services.request(approveOrder, { order_id: orderId }, command);
  }
}
