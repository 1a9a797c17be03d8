import { Migration } from '@mikro-orm/migrations';
import { admissionFunctions } from '../uses/admission.sql.js';

/** Each time that a code is used up is to be announced, whatever was announced of it before. */
export class UsedCodes extends Migration {
  override up(): void {
    for (const statement of admissionFunctions) this.addSql(statement);
  }
}
