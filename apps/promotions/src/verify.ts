import { readDatabaseUrl } from '#persistence/database-url.js';
import { verifyInvariants } from '#persistence/invariant-checks.js';
import { invariantChecks } from './invariant-checks.js';

await verifyInvariants('promotions', readDatabaseUrl('promotions', process.env), invariantChecks);
