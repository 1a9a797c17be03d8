import { runMigrations } from '#persistence/migrate.js';
import { opsDatabase } from './database.js';

await runMigrations('ops', opsDatabase, process);
