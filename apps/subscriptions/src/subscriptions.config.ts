import { z } from 'zod';
import {
  port,
  readServiceConfig,
  ServiceSettings,
  serviceSettings,
  serviceVariables,
} from '#kernel/service-settings.js';
import { readDatabaseUrl } from '#persistence/database-url.js';

const variables = serviceVariables.extend({
  SUBSCRIPTIONS_OPERATIONS_PORT: port(4603),
  SWEEP_SECONDS: z.coerce.number().int().min(1).max(3_600).default(30),
  LATE_PAYMENT_DAYS: z.coerce.number().int().min(0).max(365).default(14),
  UNPAID_ORDERS_MAX: z.coerce.number().int().min(1).max(10_000).default(10),
});

export abstract class SubscriptionsSettings extends ServiceSettings {
  abstract readonly databaseUrl: string;
  /** The interval of the sweep that enqueues expiry jobs and expires overdue orders. */
  abstract readonly sweepEveryMs: number;
  /** The most orders of a person that wait for their money. */
  abstract readonly unpaidOrdersMax: number;
  /** How long after its expiry the money of an order may open another one. */
  abstract readonly latePaymentDays: number;
}

/** @throws Misconfigured */
export function readSubscriptionsConfig(environment: NodeJS.ProcessEnv): SubscriptionsSettings {
  const given = readServiceConfig('subscriptions', variables, environment);
  return {
    ...serviceSettings(given, given.SUBSCRIPTIONS_OPERATIONS_PORT),
    databaseUrl: readDatabaseUrl('subscriptions', environment),
    sweepEveryMs: given.SWEEP_SECONDS * 1_000,
    unpaidOrdersMax: given.UNPAID_ORDERS_MAX,
    latePaymentDays: given.LATE_PAYMENT_DAYS,
  };
}
