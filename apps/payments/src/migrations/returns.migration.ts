import { Migration } from '@mikro-orm/migrations';
import { returnTables } from '../refunds/refunds.sql.js';
import { returnPaymentsTypes } from '../refunds/return-payments.js';
import { functionsSinceReturns } from './functions.js';

/** Refunds and disputes, and what persons owe because of them. */
export class Returns extends Migration {
  override up(): void {
    for (const statement of [...returnTables, ...returnPaymentsTypes, ...functionsSinceReturns]) this.addSql(statement);
  }
}
