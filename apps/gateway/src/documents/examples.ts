import { accountsExamples } from './examples/accounts.js';
import { classesExamples } from './examples/classes.js';
import { conversionsExamples } from './examples/conversions.js';
import { ordersExamples } from './examples/orders.js';
import { paymentsExamples } from './examples/payments.js';
import { personsExamples } from './examples/persons.js';
import { problemsExamples } from './examples/problems.js';
import { promoAnalyticsExamples } from './examples/promo-analytics.js';
import { promoCodesExamples } from './examples/promo-codes.js';
import { promoDecisionsExamples } from './examples/promo-decisions.js';
import { promoRedemptionsExamples } from './examples/promo-redemptions.js';
import { rulesExamples } from './examples/rules.js';

/**
 * One real instance of each named shape of the API documents, by the name of its schema. A test parses each by its
 * schema.
 */
export const examples: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  ...personsExamples,
  ...rulesExamples,
  ...classesExamples,
  ...ordersExamples,
  ...paymentsExamples,
  ...accountsExamples,
  ...promoAnalyticsExamples,
  ...promoDecisionsExamples,
  ...promoRedemptionsExamples,
  ...promoCodesExamples,
  ...conversionsExamples,
  ...problemsExamples,
};
