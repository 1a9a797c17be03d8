import { runMigrations } from '#persistence/migrate.js';
import { subscriptionsDatabase } from './database.js';

await runMigrations('subscriptions', subscriptionsDatabase, process);
