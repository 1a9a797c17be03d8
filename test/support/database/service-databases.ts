import type { Database } from '#persistence/database.js';
import { notificationsDatabase } from '../../../apps/notifications/src/database.js';
import { opsDatabase } from '../../../apps/ops/src/database.js';
import { paymentsDatabase } from '../../../apps/payments/src/database.js';
import { promotionsDatabase } from '../../../apps/promotions/src/database.js';
import { subscriptionsDatabase } from '../../../apps/subscriptions/src/database.js';

/** Every service that has a database, for the laws that hold in each of them. */
export const serviceDatabases = {
  notifications: notificationsDatabase,
  ops: opsDatabase,
  payments: paymentsDatabase,
  promotions: promotionsDatabase,
  subscriptions: subscriptionsDatabase,
} satisfies Readonly<Record<string, (url: string) => Database>>;
