import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import {
  actionList,
  actionServices,
  listPaymentsActions,
  listPromotionsActions,
  listSubscriptionsActions,
} from '#contracts/actions.js';
import { actionsQuery } from '#contracts/http.js';
import { Endpoint } from '../edge/endpoint/endpoint.js';
import { Services } from '../edge/services/services.js';
import { mergeActions } from './merge-actions.js';

/** Who did what: the commands of admins and operators, of all services. */
@ApiTags('Admin: actions')
@Controller('admin/actions')
export class ActionsController {
  constructor(private readonly services: Services) {}

  @Get()
  @Endpoint({
    summary: 'List what admins and operators did, newest first',
    requests: [listSubscriptionsActions, listPaymentsActions, listPromotionsActions],
    answer: actionList,
    roles: ['admin', 'ops'],
  })
  async listActions(@Query({ schema: actionsQuery }) { service, ...request }: z.output<typeof actionsQuery>) {
    const asked = {
      subscriptions: () => this.services.request(listSubscriptionsActions, request),
      payments: () => this.services.request(listPaymentsActions, request),
      promotions: () => this.services.request(listPromotionsActions, request),
    };
    const lists = await Promise.all(
      actionServices.filter((name) => service === undefined || service === name).map((name) => asked[name]()),
    );
    return mergeActions(lists, request.limit);
  }
}
