import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** The signature that a request carries in its headers, not yet verified. */
export interface ClaimedSignature {
  /** The instant of signing, in seconds since 1970. */
  readonly signedAt: number;
  /** What the HMAC covers, in order. */
  readonly content: readonly (string | Buffer)[];
  /** HMAC-SHA256 digests; a sender that rotates its secrets sends several. */
  readonly digests: readonly Buffer[];
}

/**
 * The greatest difference between the sender's clock and ours; a recorded request that is replayed later is refused.
 */
const toleranceSeconds = 300;

/**
 * Whether one of `keys` made one of the claimed digests (HMAC-SHA256) within five minutes of `now`. The comparison
 * takes constant time.
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

/** Parses seconds since 1970 in digits; undefined for any other text. */
export function unixSeconds(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}

/**
 * A variable with secrets separated by commas. All of them are valid, so that secrets can be rotated.
 * @param keyOf turns a secret into a key; throws when the secret is malformed
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
