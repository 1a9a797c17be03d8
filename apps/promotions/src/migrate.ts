import { migrate } from '#persistence/migrate.js';
import { promotionsDatabase } from './database.js';
import { readDatabaseUrl } from './promotions.config.js';

await migrate(promotionsDatabase(readDatabaseUrl(process.env)));
