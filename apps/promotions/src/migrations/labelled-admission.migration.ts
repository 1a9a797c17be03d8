import { Migration } from '@mikro-orm/migrations';
import { admissionFunctions } from '../redemptions/admitting/admission.sql.js';

/** Admission does what it did; its text in the database has the labels of its parts too. */
export class LabelledAdmission extends Migration {
  override up(): void {
    for (const statement of admissionFunctions) this.addSql(statement);
  }
}
