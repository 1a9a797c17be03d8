import { requests } from '#contracts/catalogue.js';
import { accountsExamples } from './examples/accounts.js';
import { classesExamples } from './examples/classes.js';
import { conversionsExamples } from './examples/conversions.js';
import { ordersExamples, subscriptionsExamples } from './examples/orders.js';
import { paymentsExamples } from './examples/payments.js';
import { personsExamples } from './examples/persons.js';
import { problemsExamples } from './examples/problems.js';
import { promoAnalyticsExamples } from './examples/promo-analytics.js';
import { promoCodesExamples } from './examples/promo-codes.js';
import { promoDecisionsExamples } from './examples/promo-decisions.js';
import { promoRedemptionsExamples } from './examples/promo-redemptions.js';
import { rulesExamples } from './examples/rules.js';
import { webhooksExamples } from './examples/webhooks.js';

const shapes: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  ...personsExamples,
  ...rulesExamples,
  ...classesExamples,
  ...ordersExamples,
  ...subscriptionsExamples,
  ...paymentsExamples,
  ...accountsExamples,
  ...promoAnalyticsExamples,
  ...promoDecisionsExamples,
  ...promoRedemptionsExamples,
  ...promoCodesExamples,
  ...conversionsExamples,
  ...webhooksExamples,
  ...problemsExamples,
};

/** A page with one item, for each named page of a list: `ClassPage` from `Class`. */
const pages = Object.fromEntries(
  requests.flatMap(({ response }) => {
    const name = response.meta()?.id ?? '';
    const item = shapes[name.replace(/Page$/, '')];
    if (!name.endsWith('Page') || !item) return [];
    return [[name, { items: [item], total: 1, page: 1, limit: 50, next_cursor: null }]];
  }),
);

/**
 * One real instance of each named shape of the API documents, by the name of its schema. A test parses each by its
 * schema.
 */
export const examples: Readonly<Record<string, Readonly<Record<string, unknown>>>> = { ...pages, ...shapes };
