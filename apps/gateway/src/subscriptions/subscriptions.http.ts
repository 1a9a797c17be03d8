import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { subscriptionsQuery } from '#contracts/http.js';
import { explainSubscription, getSubscription, listSubscriptions } from '#contracts/subscriptions/subscriptions.js';
import { id } from '#contracts/wire.js';
import { Caller, type CallerIdentity, visibleTo } from '../edge/admission/caller.js';
import { Endpoint } from '../edge/endpoint/endpoint.js';
import { Services } from '../edge/services/services.js';

@ApiTags('Subscriptions')
@Controller('subscriptions')
export class SubscriptionsController {
  constructor(private readonly services: Services) {}

  @Get()
  @Endpoint({
    summary: 'List subscriptions; a member sees their own',
    requests: listSubscriptions,
    roles: ['member', 'admin', 'ops'],
  })
  listSubscriptions(
    @Query({ schema: subscriptionsQuery }) query: z.output<typeof subscriptionsQuery>,
    @Caller() caller: CallerIdentity,
  ) {
    return this.services.request(listSubscriptions, { ...query, visible_to: visibleTo(caller) });
  }

  @Get(':id')
  @Endpoint({
    summary: 'Get a subscription with its periods, and what it waits for',
    requests: getSubscription,
    roles: ['member', 'admin', 'ops'],
  })
  getSubscription(@Param('id', { schema: id }) subscriptionId: string, @Caller() caller: CallerIdentity) {
    return this.services.request(getSubscription, { subscription_id: subscriptionId, visible_to: visibleTo(caller) });
  }

  @Get(':id/explanation')
  @Endpoint({
    summary: 'Get the calculation of the periods of a subscription, and what it waits for',
    requests: explainSubscription,
    roles: ['member', 'admin', 'ops'],
  })
  explainSubscription(@Param('id', { schema: id }) subscriptionId: string, @Caller() caller: CallerIdentity) {
    const request = { subscription_id: subscriptionId, visible_to: visibleTo(caller) };
    return this.services.request(explainSubscription, request);
  }
}
