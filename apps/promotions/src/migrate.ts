import { runMigrations } from '#persistence/migrate.js';
import { promotionsDatabase } from './database.js';

await runMigrations('promotions', promotionsDatabase, process);
