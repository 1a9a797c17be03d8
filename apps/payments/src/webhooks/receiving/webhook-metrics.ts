import { Counter } from 'prom-client';
import { metricOnce } from '#observability/metric-once.js';
import type { Verdict } from './webhooks.store.js';

const notifications = metricOnce(
  'matricula_webhook_notifications_total',
  (name) =>
    new Counter({
      name,
      help: 'Authentic notifications by provider, verdict, and why they are quarantined.',
      labelNames: ['provider', 'verdict', 'reason'],
    }),
);

export function countVerdict(provider: string, { verdict, reason }: Verdict): void {
  notifications.inc({ provider, verdict, reason: reason ?? '' });
}
