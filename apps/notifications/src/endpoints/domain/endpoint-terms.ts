import ipaddr from 'ipaddr.js';
import { Refusal } from '#kernel/refusal.js';
import type { AllowedTargets } from '../../notifications.config.js';
import { isAllowedAddress } from './allowed-addresses.js';

/**
 * The URL as it will be requested. Its name is resolved and checked at each connection; here an address is checked.
 * @throws Refusal WEBHOOK_URL_REFUSED
 */
export function targetOf(text: string, allowed: AllowedTargets): string {
  const url = URL.parse(text);
  if (!url) throw urlRefused('This is not a URL.');
  const schemes = allowed.plainHttp ? ['https:', 'http:'] : ['https:'];
  if (!schemes.includes(url.protocol)) throw urlRefused('The URL must begin with https://.');
  if (url.username !== '' || url.password !== '') throw urlRefused('The URL must not contain a user or a password.');
  if (url.hash !== '') throw urlRefused('The URL must not contain a fragment.');
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (ipaddr.isValid(host) && !isAllowedAddress(host, allowed.privateNetworks)) {
    throw urlRefused('The address of the URL is not public.');
  }
  return url.href;
}

/** @throws Refusal WEBHOOK_EVENT_TYPE_UNKNOWN */
export function eventTypesOf(chosen: readonly string[], known: ReadonlySet<string>): string[] {
  const unknown = chosen.find((type) => !known.has(type));
  if (unknown === undefined) return [...new Set(chosen)].sort();
  throw new Refusal('WEBHOOK_EVENT_TYPE_UNKNOWN', `There are no webhooks for ${unknown}.`, {
    field: 'event_types',
    eventType: unknown,
  });
}

function urlRefused(reason: string): Refusal {
  return new Refusal('WEBHOOK_URL_REFUSED', reason, { field: 'url' });
}
