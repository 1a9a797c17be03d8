import { Counter, register } from 'prom-client';
import type { Verdict } from './webhooks.store.js';

const name = 'matricula_webhook_notifications_total';

const notifications =
  (register.getSingleMetric(name) as Counter<'provider' | 'verdict' | 'reason'> | undefined) ??
  new Counter({
    name,
    help: 'Authentic notifications by provider, verdict, and why they are kept aside.',
    labelNames: ['provider', 'verdict', 'reason'],
  });

export function countVerdict(provider: string, { verdict, reason }: Verdict): void {
  notifications.inc({ provider, verdict, reason: reason ?? '' });
}
