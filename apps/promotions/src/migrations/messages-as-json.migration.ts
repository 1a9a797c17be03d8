import { Migration } from '@mikro-orm/migrations';
import { messagesAsJson } from '#messaging/tables.js';
import { admissionFunctions } from '../redemptions/admitting/admission.sql.js';

/** Events and answers are kept as text, and admission writes them so. */
export class MessagesAsJson extends Migration {
  override up(): void {
    for (const statement of [...messagesAsJson(), ...admissionFunctions]) this.addSql(statement);
  }
}
