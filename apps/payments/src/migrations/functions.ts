import { ledgerFunctions } from '../ledger/ledger.sql.js';
import { fundReceivablesFunctions } from '../ledger/movements/fund-receivables.js';
import { learnOrdersFunctions } from '../ledger/movements/learn-orders.js';
import { matchPaymentsFunctions } from '../ledger/movements/match-payments.js';
import { openReceivablesFunctions } from '../ledger/movements/open-receivables.js';
import { registerPaymentsFunctions } from '../ledger/movements/register-payments.js';
import { settleReceivablesFunctions } from '../ledger/movements/settle-receivables.js';
import { withdrawReceivablesFunctions } from '../ledger/movements/withdraw-receivables.js';
import { webhookFunctions } from '../webhooks/webhooks.sql.js';

/** The functions of orders and payments as they read now, after what they call. A migration that changes one installs all. */
export const functions = [
  ...ledgerFunctions,
  ...fundReceivablesFunctions,
  ...matchPaymentsFunctions,
  ...learnOrdersFunctions,
  ...registerPaymentsFunctions,
  ...openReceivablesFunctions,
  ...withdrawReceivablesFunctions,
  ...settleReceivablesFunctions,
  ...webhookFunctions,
];
