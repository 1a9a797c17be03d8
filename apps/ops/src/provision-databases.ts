import { z } from 'zod';
import { readConfig } from '#kernel/config.js';
import { readDatabaseRoles, readDatabaseUrl } from '#persistence/database-url.js';
import { provisionDatabase } from '#persistence/provision.js';

/**
 * Creates the roles and databases of the services, as the administrator of `ADMIN_DATABASE_URL`: for each service that
 * has a `<SERVICE>_MIGRATION_DATABASE_URL` here. The passwords are those in the URLs.
 */
const { ADMIN_DATABASE_URL: adminUrl } = readConfig(z.object({ ADMIN_DATABASE_URL: z.url() }), process.env);
for (const service of ['subscriptions', 'payments', 'promotions', 'notifications', 'ops']) {
  if (!process.env[`${service.toUpperCase()}_MIGRATION_DATABASE_URL`]) continue;
  const { ownerUrl } = readDatabaseRoles(service, process.env);
  await provisionDatabase(adminUrl, { ownerUrl, runtimeUrl: readDatabaseUrl(service, process.env) });
}
