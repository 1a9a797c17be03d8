import { Migration } from '@mikro-orm/migrations';
import { paymentsAsSources } from '../ledger/ledger.sql.js';
import { functionsSinceDecisions } from './functions.js';

/** The transfer of a payment needs no key beside its id. */
export class PaymentsAsSources extends Migration {
  override up(): void {
    // Movements lock these tables in an order of their own: none is under way meanwhile.
    this.addSql('select ledger_lock()');
    for (const statement of [...paymentsAsSources, ...functionsSinceDecisions]) this.addSql(statement);
  }
}
