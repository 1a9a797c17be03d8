import { Migration } from '@mikro-orm/migrations';
import { inboxByAge } from '#messaging/tables.js';

/** The inbox is pruned by a tree. */
export class InboxByAge extends Migration {
  override up(): void {
    for (const statement of inboxByAge()) this.addSql(statement);
  }
}
