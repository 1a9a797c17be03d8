import { z } from 'zod';
import { query, type Service } from './contract.js';
import { id, instant, pageMembers, paging } from './wire.js';

/** What an admin or an operator did by a command. */
export const action = z
  .object({
    action_id: id,
    service: z.enum(['subscriptions', 'payments', 'promotions', 'notifications']),
    kind: z.string().describe('The name of the command, such as `register-payment`.'),
    subjects: z.array(z.string()).describe('The ids of what the command changed.'),
    author: z.object({ subject: z.string(), role: z.string() }).describe('The token by which it was given.'),
    reason: z.string().nullable().describe('The reason or the note in the command.'),
    recorded_at: instant,
  })
  .meta({ id: 'Action' });

/** The services that record actions. */
export const actionServices = action.shape.service.options;
export type ActionService = (typeof actionServices)[number];

/** By which actions are found. */
export const actionsFilter = {
  author: z.string().max(200).optional().describe('The subject of the author’s token.'),
  kind: z.string().max(100).optional().describe('The name of the command.'),
  subject: z.string().max(200).optional().describe('The id of what was changed.'),
  from: instant.optional().describe('Not before this instant.'),
  to: instant.optional().describe('Before this instant.'),
};

/** Actions are ordered by their time and then by their id. */
export const actionsKey = z.tuple([instant, id]);

const { page: _, ...afterCursor } = paging(actionsKey);
const request = z.object({ ...actionsFilter, ...afterCursor });
const { page: _number, ...pieceMembers } = pageMembers;
const response = z.object({ items: z.array(action), ...pieceMembers });

/**
 * A part of the actions of all services, newest first. It is merged from their lists, so it has no pages by number: a
 * page would need all actions before it from each service.
 */
export const actionList = response.meta({ id: 'Actions' });

const about = 'What admins and operators did by commands to this service, newest first.';

export const listSubscriptionsActions = query({
  type: 'subscriptions.list-actions.v1',
  service: 'subscriptions',
  about,
  request,
  response,
});

export const listPaymentsActions = query({
  type: 'payments.list-actions.v1',
  service: 'payments',
  about,
  request,
  response,
});

export const listPromotionsActions = query({
  type: 'promotions.list-actions.v1',
  service: 'promotions',
  about,
  request,
  response,
});

export const listNotificationsActions = query({
  type: 'notifications.list-actions.v1',
  service: 'notifications',
  about,
  request,
  response,
});

/** The query of each service. */
export const listActions = {
  subscriptions: listSubscriptionsActions,
  payments: listPaymentsActions,
  promotions: listPromotionsActions,
  notifications: listNotificationsActions,
} as const satisfies Partial<Record<Service, unknown>>;
