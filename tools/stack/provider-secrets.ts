import { randomBytes } from 'node:crypto';
import type { Home } from '../workspace/home.ts';

export type Provider = 'standard' | 'stripe';

/** What each provider signs its notifications with: made once per home. */
export function providerSecrets(home: Home): Record<Provider, string> {
  return home.keep('provider-secrets.json', () => ({
    standard: `whsec_${randomBytes(24).toString('base64')}`,
    stripe: `whsec_${randomBytes(24).toString('hex')}`,
  }));
}

/** What the secrets of webhook endpoints are stored with: made once per home. */
export function webhookSecretKey(home: Home): string {
  return home.keep('webhook-secret-key.json', () => randomBytes(32).toString('base64'));
}

/** What an outside system signs its conversions with: made once per home. */
export function conversionsSecret(home: Home): string {
  return home.keep('conversions-secret.json', () => `whsec_${randomBytes(24).toString('base64')}`);
}
