import { readDatabaseUrl } from '#persistence/database-url.js';
import { verifyInvariants } from '#persistence/invariant-checks.js';
import { proofs } from './proofs.js';

await verifyInvariants('subscriptions', readDatabaseUrl('subscriptions', process.env), proofs);
