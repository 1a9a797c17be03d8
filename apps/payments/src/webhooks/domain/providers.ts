import type { WebhookProvider } from './provider.js';
import { standard } from './standard.js';
import { stripe } from './stripe.js';

/** Every provider that we understand. One that has no secret configured is not there. */
export const providers: readonly WebhookProvider[] = [standard, stripe];
