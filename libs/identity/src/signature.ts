import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** What a request claims about itself, cut out of its headers. */
export interface ClaimedSignature {
  /** When it was signed, seconds since 1970. */
  readonly signedAt: number;
  /** What the HMAC covers, in order. */
  readonly content: readonly (string | Buffer)[];
  /** HMAC-SHA256 digests; whoever is changing secrets sends several. */
  readonly digests: readonly Buffer[];
}

/** How far the sender's clock may be from ours, in either direction; what was recorded and is replayed is older. */
const toleranceSeconds = 300;

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

/** Seconds since 1970 in digits; undefined for anything else. */
export function unixSeconds(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}

/**
 * A variable with secrets, by commas: all are valid, so that one can replace another.
 * @param keyOf throws when a secret cannot be one
 */
export const signingKeys = (keyOf: (secret: string) => Buffer) =>
  z
    .string()
    .default('')
    .transform((list, context) => {
      const secrets = list.split(',').map((secret) => secret.trim());
      try {
        return secrets.filter((secret) => secret !== '').map(keyOf);
      } catch (error) {
        context.addIssue((error as Error).message);
        return z.NEVER;
      }
    });
