import { readDatabaseUrl } from '#persistence/database-url.js';
import { migrate, migrateOptions } from '#persistence/migrate.js';
import { paymentsDatabase } from './database.js';

await migrate(paymentsDatabase(readDatabaseUrl('payments', process.env)), migrateOptions(process.argv));
