import { Migration } from '@mikro-orm/migrations';
import { functions } from './functions.js';

/** Payments take each name that a later event adds, and the ids of a set are drawn under the ledger's lock. */
export class NamesOfPayments extends Migration {
  override up(): void {
    for (const statement of functions) this.addSql(statement);
  }
}
