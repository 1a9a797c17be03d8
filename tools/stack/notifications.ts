import { randomBytes } from 'node:crypto';
import type { Home } from '../workspace/home.ts';

/**
 * The settings of notifications: the key of its stored secrets, made once per home, and endpoints on this machine, to
 * which it would deliver nothing elsewhere.
 */
export function notificationsSettings(home: Home): NodeJS.ProcessEnv {
  return {
    WEBHOOK_SECRET_KEYS: home.keep('webhook-secret-key.json', () => randomBytes(32).toString('base64')),
    WEBHOOK_PRIVATE_NETWORKS: '127.0.0.0/8,::1/128',
    WEBHOOK_PLAIN_HTTP: 'true',
  };
}
