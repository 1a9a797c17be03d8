import { Migration } from '@mikro-orm/migrations';
import { usedCodesIndex } from '../analytics/analytics.sql.js';
import { admissionFunctions } from '../redemptions/admitting/admission.sql.js';

/** Codes that were used are found apart; and each time that one is used up is to be announced, whatever was before. */
export class UsedCodes extends Migration {
  override up(): void {
    for (const statement of [usedCodesIndex, ...admissionFunctions]) this.addSql(statement);
  }
}
