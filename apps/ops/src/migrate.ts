import { migrate } from '#persistence/migrate.js';
import { opsDatabase } from './database.js';
import { readDatabaseUrl } from './ops.config.js';

await migrate(opsDatabase(readDatabaseUrl(process.env)));
