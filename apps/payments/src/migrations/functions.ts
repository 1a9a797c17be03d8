import { ledgerFunctions } from '../ledger/ledger.sql.js';
import { fundReceivablesFunctions } from '../ledger/movements/fund-receivables.js';
import { learnOrdersFunctions } from '../ledger/movements/learn-orders.js';
import { matchPaymentsFunctions } from '../ledger/movements/match-payments.js';
import { openReceivablesFunctions } from '../ledger/movements/open-receivables.js';
import { registerPaymentsFunctions } from '../ledger/movements/register-payments.js';
import { repayClaimsFunctions } from '../ledger/movements/repay-claims.js';
import { returnPaymentsFunctions } from '../ledger/movements/return-payments.js';
import { settleReceivablesFunctions } from '../ledger/movements/settle-receivables.js';
import { withdrawReceivablesFunctions } from '../ledger/movements/withdraw-receivables.js';
import { settleNotificationsFunctions, webhookFunctions } from '../webhooks/webhooks.sql.js';

/**
 * The functions of orders and payments as they read now. What they speak of may be made by a later migration than the
 * first that installs them, so their bodies are looked at when they run.
 */
export const functions = [
  'set local check_function_bodies = off',
  ...ledgerFunctions,
  ...fundReceivablesFunctions,
  ...matchPaymentsFunctions,
  ...learnOrdersFunctions,
  ...registerPaymentsFunctions,
  ...openReceivablesFunctions,
  ...withdrawReceivablesFunctions,
  ...settleReceivablesFunctions,
];

/** And those that take the types of returns. */
export const functionsSinceReturns = [
  ...functions,
  ...repayClaimsFunctions,
  ...returnPaymentsFunctions,
  ...webhookFunctions,
];

/** All of them, from where the types are there that these take. A migration that changes one installs all. */
export const functionsSinceDecisions = [...functionsSinceReturns, ...settleNotificationsFunctions];
