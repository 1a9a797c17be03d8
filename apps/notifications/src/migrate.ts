import { runMigrations } from '#persistence/migrate.js';
import { notificationsDatabase } from './database.js';

await runMigrations('notifications', notificationsDatabase, process);
