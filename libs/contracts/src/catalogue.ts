import * as classes from './classes.js';
import type { EventContract, RequestContract } from './contract.js';
import * as conversions from './conversions.js';
import * as offers from './offers.js';
import * as orders from './orders.js';
import * as payments from './payments.js';
import * as persons from './persons.js';
import * as promoAnalytics from './promo-analytics.js';
import * as promoApplications from './promo-applications.js';
import * as promoCodeBatches from './promo-code-batches.js';
import * as promoCodes from './promo-codes.js';
import * as promoUses from './promo-redemptions.js';
import * as publisherCodes from './publisher-codes.js';
import * as quarantined from './quarantined.js';
import * as rules from './rules.js';

const contracts = [
  persons,
  rules,
  classes,
  orders,
  payments,
  quarantined,
  promoCodes,
  promoCodeBatches,
  publisherCodes,
  promoUses,
  promoApplications,
  promoAnalytics,
  conversions,
  offers,
].flatMap((module) => Object.values(module) as unknown[]);

function isContract(value: unknown): value is EventContract | RequestContract {
  return typeof value === 'object' && value !== null && 'kind' in value && 'type' in value;
}

/** Every event that exists, by type. */
export const events: readonly EventContract[] = contracts
  .filter(isContract)
  .filter((contract) => contract.kind === 'event')
  .sort((left, right) => left.type.localeCompare(right.type));

/** Every command and query that exists, by type. */
export const requests: readonly RequestContract[] = contracts
  .filter(isContract)
  .filter((contract) => contract.kind !== 'event')
  .sort((left, right) => left.type.localeCompare(right.type));
