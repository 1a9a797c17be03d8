import { Migration } from '@mikro-orm/migrations';
import { admissionFunctions } from '../redemptions/admitting/admission.sql.js';

/** Uses are reached by their own keys, also while nothing is known of their number. */
export class UsesByKey extends Migration {
  override up(): void {
    for (const statement of admissionFunctions) this.addSql(statement);
  }
}
