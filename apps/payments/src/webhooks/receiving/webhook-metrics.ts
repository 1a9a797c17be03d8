import { Counter } from 'prom-client';
import { once } from '#observability/once.js';
import type { Verdict } from './webhooks.store.js';

const notifications = once(
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
