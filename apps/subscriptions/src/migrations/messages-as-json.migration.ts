import { Migration } from '@mikro-orm/migrations';
import { messagesAsJson } from '#messaging/tables.js';

/** Events and answers are kept as text. */
export class MessagesAsJson extends Migration {
  override up(): void {
    for (const statement of messagesAsJson()) this.addSql(statement);
  }
}
