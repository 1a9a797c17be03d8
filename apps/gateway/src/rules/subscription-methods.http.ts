import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { listMethods } from '#contracts/subscriptions/rule-previews.js';
import { Endpoint } from '../edge/endpoint/endpoint.js';
import { Services } from '../edge/services/services.js';

@ApiTags('Admin: rules')
@Controller('admin/subscription-methods')
export class SubscriptionMethodsController {
  constructor(private readonly services: Services) {}

  @Get()
  @Endpoint({ summary: 'List the methods of rules', requests: listMethods, roles: ['admin', 'ops'] })
  listSubscriptionMethods() {
    return this.services.request(listMethods, {});
  }
}
