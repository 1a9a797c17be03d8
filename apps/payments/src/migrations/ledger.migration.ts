import { Migration } from '@mikro-orm/migrations';
import { messagingTables } from '#messaging/tables.js';
import { ledgerFunctions, ledgerTables } from '../ledger/ledger.sql.js';
import { fundReceivablesFunctions, fundReceivablesTypes } from '../ledger/movements/fund-receivables.js';
import { learnOrdersFunctions, learnOrdersTypes } from '../ledger/movements/learn-orders.js';
import { matchPaymentsFunctions, matchPaymentsTypes } from '../ledger/movements/match-payments.js';
import { openReceivablesFunctions } from '../ledger/movements/open-receivables.js';
import { registerPaymentsFunctions, registerPaymentsTypes } from '../ledger/movements/register-payments.js';
import { settleReceivablesFunctions } from '../ledger/movements/settle-receivables.js';
import { withdrawReceivablesFunctions } from '../ledger/movements/withdraw-receivables.js';
import { paymentTables } from '../payments/payments.sql.js';
import { receivableTables } from '../receivables/receivables.sql.js';
import { webhookFunctions, webhookTables } from '../webhooks/webhooks.sql.js';

/** Tables and types, then the functions. A later migration that changes a function installs its new text again. */
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
      ...ledgerFunctions,
      ...fundReceivablesFunctions,
      ...matchPaymentsFunctions,
      ...learnOrdersFunctions,
      ...registerPaymentsFunctions,
      ...openReceivablesFunctions,
      ...withdrawReceivablesFunctions,
      ...settleReceivablesFunctions,
      ...webhookFunctions,
    ]) {
      this.addSql(statement);
    }
  }
}
