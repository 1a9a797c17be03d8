import { readDatabaseUrl } from '#persistence/database-url.js';
import { migrate } from '#persistence/migrate.js';
import { opsDatabase } from './database.js';

await migrate(opsDatabase(readDatabaseUrl('ops', process.env)));
