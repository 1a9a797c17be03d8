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
  PROMOTIONS_OPERATIONS_PORT: port(4604),
  HOLD_MINUTES: z.coerce.number().int().min(2).max(1_440).default(15),
  CONVERSION_PAST_DAYS_MAX: z.coerce.number().int().min(1).max(3_650).default(90),
  CONVERSION_AHEAD_SECONDS_MAX: z.coerce.number().int().min(0).max(86_400).default(300),
  SWEEP_SECONDS: z.coerce.number().int().min(1).max(3_600).default(30),
});

export abstract class PromotionsSettings extends ServiceSettings {
  abstract readonly databaseUrl: string;
  /** How long a hold waits for order-opened before it may lapse. */
  abstract readonly holdMinutes: number;
  /** How long ago a conversion may have happened, and how far ahead the clock of its sender may be. */
  abstract readonly conversionBounds: { readonly pastDays: number; readonly aheadSeconds: number };
  /** How often sweeps look in Postgres for jobs that Redis lost. */
  abstract readonly sweepEveryMs: number;
}

/** @throws Misconfigured */
export function readPromotionsConfig(environment: NodeJS.ProcessEnv): PromotionsSettings {
  const given = readServiceConfig('promotions', variables, environment);
  return {
    ...serviceSettings(given, given.PROMOTIONS_OPERATIONS_PORT),
    databaseUrl: readDatabaseUrl('promotions', environment),
    holdMinutes: given.HOLD_MINUTES,
    conversionBounds: { pastDays: given.CONVERSION_PAST_DAYS_MAX, aheadSeconds: given.CONVERSION_AHEAD_SECONDS_MAX },
    sweepEveryMs: given.SWEEP_SECONDS * 1_000,
  };
}
