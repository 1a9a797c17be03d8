import { Counter, register } from 'prom-client';

const name = 'matricula_promo_codes_deactivated_total';

const deactivated =
  (register.getSingleMetric(name) as Counter | undefined) ??
  new Counter({ name, help: 'Promo codes that were used up and are deactivated.' });

export function countDeactivation(): void {
  deactivated.inc();
}
