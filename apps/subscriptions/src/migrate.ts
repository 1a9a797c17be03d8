import { migrate } from '#persistence/migrate.js';
import { subscriptionsDatabase } from './database.js';
import { readDatabaseUrl } from './subscriptions.config.js';

await migrate(subscriptionsDatabase(readDatabaseUrl(process.env)));
