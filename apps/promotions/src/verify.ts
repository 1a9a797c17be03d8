import { readDatabaseUrl } from '#persistence/database-url.js';
import { verifyDatabase } from '#persistence/proofs.js';
import { proofs } from './proofs.js';

await verifyDatabase('promotions', readDatabaseUrl('promotions', process.env), proofs);
