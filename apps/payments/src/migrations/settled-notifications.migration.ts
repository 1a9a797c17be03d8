import { Migration } from '@mikro-orm/migrations';
import { settledByColumn as webhookSettlements } from '../webhooks/webhook-requests.sql.js';
import { functionsSinceReturns } from './functions.js';

/** What was quarantined is settled by its repeat, once that is understood. */
export class SettledNotifications extends Migration {
  override up(): void {
    for (const statement of [...webhookSettlements, ...functionsSinceReturns]) this.addSql(statement);
  }
}
