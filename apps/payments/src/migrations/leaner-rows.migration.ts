import { Migration } from '@mikro-orm/migrations';
import { ledgerInBrief } from '../ledger/ledger.sql.js';
import { paymentsByReference } from '../payments/payments.sql.js';
import { webhooksByEvent } from '../webhooks/webhook-requests.sql.js';

/** What is written for each payment: keys begin with what differs, and checks are few. */
export class LeanerRows extends Migration {
  override up(): void {
    // Movements lock these tables in an order of their own: none is under way meanwhile.
    this.addSql('select ledger_lock()');
    for (const statement of [...ledgerInBrief, ...paymentsByReference, ...webhooksByEvent]) this.addSql(statement);
  }
}
