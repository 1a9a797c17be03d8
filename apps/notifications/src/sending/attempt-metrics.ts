import { Counter } from 'prom-client';
import { metricOnce } from '#observability/metric-once.js';
import type { Tried } from './claims.store.js';

const attempts = metricOnce(
  'matricula_outgoing_webhook_attempts_total',
  (name) => new Counter({ name, help: 'Attempts of webhooks, by what came of them.', labelNames: ['outcome'] }),
);

/** Counts attempts by what came of them: `delivered`, or the kind of the error. */
export function countAttempts(tried: readonly Tried[]): void {
  for (const { outcome } of tried) attempts.inc({ outcome: outcome.error ?? 'delivered' });
}
