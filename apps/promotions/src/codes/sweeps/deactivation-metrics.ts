import { Counter } from 'prom-client';
import { metricOnce } from '#observability/metric-once.js';

const deactivated = metricOnce(
  'matricula_promo_codes_deactivated_total',
  (name) => new Counter({ name, help: 'Promo codes that were used up and are deactivated.' }),
);

export function countDeactivation(): void {
  deactivated.inc();
}
