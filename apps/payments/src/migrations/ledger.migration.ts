import { Migration } from '@mikro-orm/migrations';
import { messagingTables } from '#messaging/tables.js';
import { ledgerTables } from '../ledger/ledger.sql.js';
import { fundReceivablesTypes } from '../ledger/movements/fund-receivables.js';
import { learnOrdersTypes } from '../ledger/movements/learn-orders.js';
import { matchPaymentsTypes } from '../ledger/movements/match-payments.js';
import { registerPaymentsTypes } from '../ledger/movements/register-payments.js';
import { paymentTables } from '../payments/payments.sql.js';
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
