import { readDatabaseUrl } from '#persistence/database-url.js';
import { migrate, migrateOptions } from '#persistence/migrate.js';
import { opsDatabase } from './database.js';

await migrate(opsDatabase(readDatabaseUrl('ops', process.env)), migrateOptions(process.argv));
