import type { Database } from '#persistence/database.js';
import { Baseline } from './migrations/baseline.migration.js';

/** The service's database: its tables by migrations, its functions by the `.sql` files beside the use cases. */
export function paymentsDatabase(url: string): Database {
  return {
    url,
    entities: [],
    migrations: [{ name: '0001-baseline', class: Baseline }],
    functionsIn: import.meta.dirname,
  };
}
