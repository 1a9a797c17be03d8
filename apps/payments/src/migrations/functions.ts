import { repayClaimsFunctions } from '../debts/repay-debts.js';
import { ledgerFunctions } from '../ledger/ledger.sql.js';
import { matchPaymentsFunctions } from '../payments/match-payments.js';
import { registerPaymentsFunctions } from '../payments/register-payments.js';
import { fundReceivablesFunctions } from '../receivables/fund-receivables.js';
import { openReceivablesFunctions } from '../receivables/open-receivables.js';
import { learnOrdersFunctions } from '../receivables/project-orders.js';
import { settleReceivablesFunctions } from '../receivables/settle-receivables.js';
import { withdrawReceivablesFunctions } from '../receivables/withdraw-receivables.js';
import { returnPaymentsFunctions } from '../refunds/return-payments.js';
import { settleNotificationsFunctions, webhookFunctions } from '../webhooks/receiving/webhooks.sql.js';

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
