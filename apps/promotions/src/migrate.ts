import { readDatabaseUrl } from '#persistence/database-url.js';
import { migrate, migrateOptions } from '#persistence/migrate.js';
import { promotionsDatabase } from './database.js';

await migrate(promotionsDatabase(readDatabaseUrl('promotions', process.env)), migrateOptions(process.argv));
