import { defineEntity, p } from '@mikro-orm/postgresql';
import { among, column } from '#persistence/entities/columns.js';
import { completedBySql } from '#persistence/entities/completed-by-sql.js';
import { type AttemptError, type DeliveryState, deliveryStates } from './domain/delivery.js';

export const EventEntity = defineEntity({
  name: 'WebhookEvent',
  tableName: 'webhook_event',
  indexes: [
    { name: 'webhook_event_received_at', properties: ['receivedAt'] },
    { name: 'webhook_event_of_type', properties: ['type', 'occurredAt'] },
  ],
  properties: {
    id: p.uuid().primary(),
    type: p.text(),
    subject: p.text(),
    occurredAt: column.instant(),
    data: column.json<unknown>(),
    recipients: p.integer().comment('The number of its deliveries.'),
    receivedAt: column.instant(),
  },
});

/** An event for an endpoint. An attempt changes the row; the free fifth keeps its versions on its page. */
export const DeliveryEntity = completedBySql(
  defineEntity({
    name: 'WebhookDelivery',
    tableName: 'webhook_delivery',
    properties: {
      id: p.uuid().primary().defaultRaw('uuid_v7()'),
      endpointId: p.uuid(),
      eventId: p.uuid(),
      type: p.text(),
      subject: p.text(),
      occurredAt: column.instant(),
      state: column.oneOf<DeliveryState>().default('pending').check(among('state', deliveryStates)),
      dueAt: column.instant().comment('When it is tried next. While it is sent: when another instance may send it.'),
      claim: p.uuid().nullable().comment('Of the instance that sends it.'),
      triedSince: column.instant().comment('It is tried for three days from then on.'),
      attempts: p.integer().default(0),
      replays: p.integer().default(0),
      deliveredAt: column.instant().nullable(),
      lastStatus: p.integer().nullable(),
      lastError: column.oneOf<AttemptError>().nullable(),
      createdAt: column.instant(),
    },
    uniques: [{ name: 'webhook_delivery_once', properties: ['eventId', 'endpointId'] }],
    indexes: [
      { name: 'webhook_delivery_due', properties: ['endpointId', 'dueAt'], where: `state = 'pending'` },
      {
        name: 'webhook_delivery_in_order',
        properties: ['endpointId', 'subject', 'occurredAt', 'eventId'],
        where: `state = 'pending'`,
      },
      { name: 'webhook_delivery_in_flight', properties: ['endpointId'], where: 'claim is not null' },
      { name: 'webhook_delivery_newest', properties: ['endpointId', 'id'] },
      { name: 'webhook_delivery_newest_in_state', properties: ['endpointId', 'state', 'id'] },
      { name: 'webhook_delivery_newest_about', properties: ['endpointId', 'subject', 'id'] },
    ],
  }),
  'alter table webhook_delivery set (fillfactor = 80)',
);

export const AttemptEntity = defineEntity({
  name: 'WebhookAttempt',
  tableName: 'webhook_attempt',
  properties: {
    deliveryId: p.uuid().primary(),
    number: p.integer().primary(),
    at: column.instant(),
    durationMs: p.integer(),
    status: p.integer().nullable(),
    error: column.oneOf<AttemptError>().nullable(),
    detail: p.text().nullable(),
    answer: p.text().nullable(),
  },
});
