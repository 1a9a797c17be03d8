import { readDatabaseUrl } from '#persistence/database-url.js';
import { migrate, migrateOptions } from '#persistence/migrate.js';
import { subscriptionsDatabase } from './database.js';

await migrate(subscriptionsDatabase(readDatabaseUrl('subscriptions', process.env)), migrateOptions(process.argv));
