import { defineEntity, p } from '@mikro-orm/postgresql';
import { among, column } from '#persistence/entities/columns.js';
import { disableReasons, type EndpointStatus, endpointStatuses, type StatusReason } from './domain/endpoint.js';

export const EndpointEntity = defineEntity({
  name: 'WebhookEndpoint',
  tableName: 'webhook_endpoint',
  indexes: [{ name: 'webhook_endpoint_newest', properties: ['createdAt', 'id'] }],
  properties: {
    id: p.uuid().primary(),
    url: p.text(),
    description: p.text(),
    eventTypes: column.texts(),
    status: column.oneOf<EndpointStatus>().check(among('status', endpointStatuses)),
    statusReason: column.oneOf<StatusReason>().nullable().check(among('status_reason', disableReasons)),
    statusChangedAt: column.instant(),
    failures: p.integer().default(0).check('failures >= 0').comment('Failed attempts since the last success.'),
    failingSince: column.instant().nullable(),
    notBefore: column
      .instant()
      .nullable()
      .comment('Nothing is sent to it before, after several failures or a Retry-After.'),
    version: p.integer().default(1),
    createdAt: column.instant(),
    changedAt: column.instant(),
  },
});

export const SecretEntity = defineEntity({
  name: 'WebhookSecret',
  tableName: 'webhook_secret',
  indexes: [{ name: 'webhook_secret_of_endpoint', properties: ['endpointId', 'createdAt'] }],
  properties: {
    id: p.uuid().primary(),
    endpointId: p.manyToOne(EndpointEntity).mapToPk().fieldName('endpoint_id'),
    sealed: p.text().comment('The secret as a JWE, with a key of the settings.'),
    createdAt: column.instant(),
    expiresAt: column.instant().nullable(),
  },
});
