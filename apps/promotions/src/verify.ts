import { verifyDatabase } from '#persistence/proofs.js';
import { readDatabaseUrl } from './promotions.config.js';
import { proofs } from './proofs.js';

await verifyDatabase('promotions', readDatabaseUrl(process.env), proofs);
