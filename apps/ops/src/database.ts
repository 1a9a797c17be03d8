import type { Database } from '#persistence/database.js';
import { ActionEntity, ActionMessageEntity } from './actions/action.entity.js';
import { Baseline } from './migrations/baseline.migration.js';

/** The record of operators' actions. Ops reads no database of another service. */
export function opsDatabase(url: string): Database {
  return {
    url,
    entities: [ActionEntity, ActionMessageEntity],
    migrations: [{ name: '0001-baseline', class: Baseline }],
    functionsIn: import.meta.dirname,
    // An action is recorded first, and its outcome once it is known.
    appendOnly: { operator_actions: ['jobs', 'done_at', 'failure'], operator_action_messages: [] },
    poolMax: 4,
  };
}
