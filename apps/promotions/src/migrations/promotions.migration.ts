import { Migration } from '@mikro-orm/migrations';
import { messagingTables } from '#messaging/tables.js';
import { analyticsTables } from '../analytics/analytics.sql.js';
import { applicationTables } from '../applications/applications.sql.js';
import { codeTables } from '../codes/codes.sql.js';
import { deactivationIndexes } from '../codes/sweeps/deactivation.sql.js';
import { conversionTables } from '../conversions/conversions.sql.js';
import { offerTables } from '../offers/offers.sql.js';
import { personTables } from '../persons/persons.sql.js';
import { admissionFunctions, admissionTypes } from '../redemptions/admitting/admission.sql.js';
import { redemptionTables } from '../redemptions/redemptions.sql.js';

/** Tables, then the functions. A later migration that changes a function installs its new text again. */
export class Promotions extends Migration {
  override up(): void {
    for (const statement of [
      ...messagingTables(),
      ...codeTables,
      ...deactivationIndexes,
      ...redemptionTables,
      ...offerTables,
      ...personTables,
      ...applicationTables,
      ...conversionTables,
      ...analyticsTables,
      ...admissionTypes,
      ...admissionFunctions,
    ]) {
      this.addSql(statement);
    }
  }
}
