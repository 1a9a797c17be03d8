import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import {
  actionList,
  actionServices,
  listNotificationsActions,
  listPaymentsActions,
  listPromotionsActions,
  listSubscriptionsActions,
} from '#contracts/actions.js';
import { actionsQuery } from '#contracts/http.js';
import { Refusal } from '#kernel/refusal.js';
import { ServiceUnavailable } from '#messaging/faults.js';
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
    requests: [listSubscriptionsActions, listPaymentsActions, listPromotionsActions, listNotificationsActions],
    answer: actionList,
    roles: ['admin', 'ops'],
  })
  async listActions(@Query({ schema: actionsQuery }) { service, ...request }: z.output<typeof actionsQuery>) {
    const asked = {
      subscriptions: () => this.services.request(listSubscriptionsActions, request),
      payments: () => this.services.request(listPaymentsActions, request),
      promotions: () => this.services.request(listPromotionsActions, request),
      notifications: () => this.services.request(listNotificationsActions, request),
    };
    if (service !== undefined) return mergeActions([await asked[service]()], request.limit);
    const lists = await Promise.allSettled(actionServices.map((name) => asked[name]()));
    const failures = lists.flatMap((list) => (list.status === 'rejected' ? [list.reason as unknown] : []));
    if (failures.length > 0) throw wholeListUnavailable(failures);
    const answers = lists.flatMap((list) => (list.status === 'fulfilled' ? [list.value] : []));
    return mergeActions(answers, request.limit);
  }
}

/**
 * A list without the actions of one service would have gaps, and its cursor would skip them. So it is a 503, which
 * names the services that are away; of the others the actions can be read one service at a time.
 */
function wholeListUnavailable(failures: readonly unknown[]): unknown {
  const away = failures.filter((failure) => failure instanceof ServiceUnavailable).map(({ service }) => service);
  if (away.length < failures.length) return failures.find((failure) => !(failure instanceof ServiceUnavailable));
  const present = actionServices.filter((name) => !away.includes(name));
  const others = present.length > 0 ? ` Read the actions of ${present.join(' or ')} by the filter service.` : '';
  return new Refusal(
    'SERVICE_UNAVAILABLE',
    `The list of all services needs ${away.join(' and ')}, which cannot answer. Try again.${others}`,
    { unavailableServices: away },
  );
}
