import { Migration } from '@mikro-orm/migrations';
import { messagingTables } from '#messaging/tables.js';
import { ledgerTables } from '../ledger/ledger.sql.js';
import { matchPaymentsTypes } from '../payments/match-payments.js';
import { paymentTables } from '../payments/payments.sql.js';
import { registerPaymentsTypes } from '../payments/register-payments.js';
import { fundReceivablesTypes } from '../receivables/fund-receivables.js';
import { learnOrdersTypes } from '../receivables/project-orders.js';
import { receivableTables } from '../receivables/receivables.sql.js';
import { webhookTables } from '../webhooks/webhook-requests.sql.js';
import { functions } from './functions.js';

/** Tables and types, then the functions. */
export class Ledger extends Migration {
  override up(): void {
    for (const statement of [
      ...messagingTables(),
      ...ledgerTables,
      ...paymentTables,
      ...receivableTables,
      ...fundReceivablesTypes,
      ...registerPaymentsTypes,
      ...matchPaymentsTypes,
      ...learnOrdersTypes,
      ...webhookTables,
      ...functions,
    ]) {
      this.addSql(statement);
    }
  }
}
