import 'reflect-metadata';
import { migrate } from '#persistence/migrate.js';
import { migrations } from './migrations/migrations.js';
import { paymentsDatabaseUrl } from './payments.config.js';

await migrate({ url: paymentsDatabaseUrl(process.env), entities: [], migrations });
