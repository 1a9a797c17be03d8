import { Counter } from 'prom-client';
import { once } from '#observability/once.js';

const deactivated = once(
  'matricula_promo_codes_deactivated_total',
  (name) => new Counter({ name, help: 'Promo codes that were used up and are deactivated.' }),
);

export function countDeactivation(): void {
  deactivated.inc();
}
