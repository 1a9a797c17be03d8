import { verifyDatabase } from '#persistence/proofs.js';
import { proofs } from './proofs.js';
import { readDatabaseUrl } from './subscriptions.config.js';

await verifyDatabase('subscriptions', readDatabaseUrl(process.env), proofs);
