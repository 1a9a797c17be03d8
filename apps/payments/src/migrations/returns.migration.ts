import { Migration } from '@mikro-orm/migrations';
import { returnPaymentsTypes } from '../ledger/movements/return-payments.js';
import { returnTables } from '../returns/returns.sql.js';
import { functionsSinceReturns } from './functions.js';

/** Refunds and disputes, and what persons owe because of them. */
export class Returns extends Migration {
  override up(): void {
    for (const statement of [...returnTables, ...returnPaymentsTypes, ...functionsSinceReturns]) this.addSql(statement);
  }
}
