import { Migration } from '@mikro-orm/migrations';
import { inboxByMessage } from '#messaging/tables.js';

/** The inbox is reached by the message first. */
export class InboxByMessage extends Migration {
  override up(): void {
    for (const statement of inboxByMessage()) this.addSql(statement);
  }
}
