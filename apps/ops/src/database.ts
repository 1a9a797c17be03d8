import type { Database } from '#persistence/database.js';
import { OperatorActions } from './migrations/operator-actions.migration.js';

/** The operators' own records. What the other services keep is asked of them, never read from their databases. */
export function opsDatabase(url: string): Database {
  return { url, entities: [], migrations: [{ name: '0001-operator-actions', class: OperatorActions }], poolMax: 4 };
}
