import { messagingAppendOnly, messagingEntities } from '#messaging/messaging.entities.js';
import type { Database } from '#persistence/database.js';
import { AttemptEntity, DeliveryEntity, EventEntity } from './deliveries/delivery.entity.js';
import { EndpointEntity, SecretEntity } from './endpoints/endpoint.entity.js';
import { Baseline } from './migrations/baseline.migration.js';

/** The service's database: its tables by migrations, its functions by the `.sql` files beside the use cases. */
export function notificationsDatabase(url: string): Database {
  return {
    url,
    entities: [...messagingEntities, EndpointEntity, SecretEntity, EventEntity, DeliveryEntity, AttemptEntity],
    migrations: [{ name: '0001-baseline', class: Baseline }],
    functionsIn: import.meta.dirname,
    appendOnly: messagingAppendOnly,
  };
}
