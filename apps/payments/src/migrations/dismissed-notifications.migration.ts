import { Migration } from '@mikro-orm/migrations';
import { webhookDismissals } from '../webhooks/webhook-requests.sql.js';

/** Whoever has dealt with a request that was quarantined says so. */
export class DismissedNotifications extends Migration {
  override up(): void {
    for (const statement of webhookDismissals) this.addSql(statement);
  }
}
