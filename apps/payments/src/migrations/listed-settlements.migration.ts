import { Migration } from '@mikro-orm/migrations';
import { settledRequestsIndex as webhooksSettled } from '../webhooks/webhook-requests.sql.js';

/** What was settled by its repeat is listed, as what was dismissed is. */
export class ListedSettlements extends Migration {
  override up(): void {
    for (const statement of webhooksSettled) this.addSql(statement);
  }
}
