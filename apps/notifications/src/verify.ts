import { readDatabaseUrl } from '#persistence/database-url.js';
import { verifyInvariants } from '#persistence/invariant-checks.js';
import { invariantChecks } from './invariant-checks.js';

await verifyInvariants('notifications', readDatabaseUrl('notifications', process.env), invariantChecks);
