import { Migration } from '@mikro-orm/migrations';
import { webhookDecisionTypes as webhookDecisions } from '../webhooks/receiving/webhooks.sql.js';
import { functionsSinceDecisions } from './functions.js';

/** Notifications are judged, applied and kept step by step; accounts are looked up once per set. */
export class DecidedInSteps extends Migration {
  override up(): void {
    for (const statement of [...webhookDecisions, ...functionsSinceDecisions]) this.addSql(statement);
  }
}
