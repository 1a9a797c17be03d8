import * as actions from './actions.js';
import type { EventContract, RequestContract } from './contract.js';
import * as webhookDeliveries from './notifications/webhook-deliveries.js';
import * as webhookEndpoints from './notifications/webhook-endpoints.js';
import * as accounts from './payments/accounts.js';
import * as checkout from './payments/checkout.js';
import * as corrections from './payments/corrections.js';
import * as ledger from './payments/ledger.js';
import * as paymentSearch from './payments/payment-search.js';
import * as payments from './payments/payments.js';
import * as quarantined from './payments/quarantined-notifications.js';
import * as refunds from './payments/refunds.js';
import * as conversions from './promotions/conversions.js';
import * as decisionReceipts from './promotions/decision-receipts.js';
import * as offers from './promotions/offers.js';
import * as promoAnalytics from './promotions/promo-analytics.js';
import * as promoApplications from './promotions/promo-applications.js';
import * as promoCodeBatches from './promotions/promo-code-batches.js';
import * as promoCodes from './promotions/promo-codes.js';
import * as promoUses from './promotions/promo-redemptions.js';
import * as publisherCodes from './promotions/publisher-codes.js';
import * as classes from './subscriptions/classes.js';
import * as names from './subscriptions/names.js';
import * as orders from './subscriptions/orders.js';
import * as parameterTypes from './subscriptions/parameter-types.js';
import * as persons from './subscriptions/persons.js';
import * as rulePreviews from './subscriptions/rule-previews.js';
import * as rules from './subscriptions/rules.js';
import * as subscriptions from './subscriptions/subscriptions.js';

const contracts = [
  actions,
  persons,
  parameterTypes,
  rules,
  rulePreviews,
  classes,
  orders,
  subscriptions,
  names,
  payments,
  paymentSearch,
  ledger,
  accounts,
  checkout,
  corrections,
  refunds,
  quarantined,
  promoCodes,
  promoCodeBatches,
  publisherCodes,
  promoUses,
  promoApplications,
  promoAnalytics,
  decisionReceipts,
  conversions,
  offers,
  webhookEndpoints,
  webhookDeliveries,
].flatMap((module) => Object.values(module) as unknown[]);

function isContract(value: unknown): value is EventContract | RequestContract {
  return typeof value === 'object' && value !== null && 'kind' in value && 'type' in value;
}

/** Every event that exists, by type. */
export const events: readonly EventContract[] = contracts
  .filter(isContract)
  .filter((contract) => contract.kind === 'event')
  .sort((left, right) => left.type.localeCompare(right.type));

/** The events that outside systems can get by webhooks: those that notifications receives. */
export const publicEvents: readonly EventContract[] = events.filter(({ consumers }) =>
  consumers.includes('notifications'),
);

/** Every command and query that exists, by type. */
export const requests: readonly RequestContract[] = contracts
  .filter(isContract)
  .filter((contract) => contract.kind !== 'event')
  .sort((left, right) => left.type.localeCompare(right.type));
