import { Migration } from '@mikro-orm/migrations';
import { messagesAsJson } from '#messaging/tables.js';
import { functions } from './functions.js';

/** Events and answers are kept as text, and the functions write them so. */
export class MessagesAsJson extends Migration {
  override up(): void {
    for (const statement of [...messagesAsJson(), ...functions]) this.addSql(statement);
  }
}
