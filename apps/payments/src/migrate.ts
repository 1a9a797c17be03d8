import { runMigrations } from '#persistence/migrate.js';
import { paymentsDatabase } from './database.js';

await runMigrations('payments', paymentsDatabase, process);
