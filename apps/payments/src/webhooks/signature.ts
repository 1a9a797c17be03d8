import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ClaimedSignature } from './provider.js';

/** How far a provider's clock may be from ours, in either direction; replayed requests are older. */
export const toleranceSeconds = 300;

/**
 * Whether one of `keys` made one of the claimed digests (HMAC-SHA256), and lately. Takes the same time whether and
 * wherever a digest differs.
 */
export function isAuthentic(claimed: ClaimedSignature, keys: readonly Buffer[], now: Temporal.Instant): boolean {
  const age = now.epochMilliseconds / 1_000 - claimed.signedAt;
  if (Math.abs(age) > toleranceSeconds) return false;
  let authentic = false;
  for (const key of keys) {
    const hmac = createHmac('sha256', key);
    for (const part of claimed.content) hmac.update(part);
    const digest = hmac.digest();
    for (const candidate of claimed.digests) {
      if (candidate.length === digest.length && timingSafeEqual(candidate, digest)) authentic = true;
    }
  }
  return authentic;
}

/** Seconds since 1970, written as providers write them; undefined for anything else. */
export function unixSeconds(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}
