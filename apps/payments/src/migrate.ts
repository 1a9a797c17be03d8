import 'reflect-metadata';
import { readDatabaseUrl } from '#persistence/database-url.js';
import { migrate } from '#persistence/migrate.js';
import { migrations } from './migrations/migrations.js';

await migrate({ url: readDatabaseUrl('payments', process.env), entities: [], migrations });
