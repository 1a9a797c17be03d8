import { Migration } from '@mikro-orm/migrations';
import { rejectedInBrief } from '../webhooks/webhook-requests.sql.js';

/** Refused requests are kept by their beginning, and by what the whole of them was. */
export class RejectedInBrief extends Migration {
  override up(): void {
    for (const statement of rejectedInBrief) this.addSql(statement);
  }
}
