import { createHmac, type Hmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** The signature that a request carries in its headers, not yet verified. */
export interface ClaimedSignature {
  /** The instant of signing, in seconds since 1970. */
  readonly signedAt: number;
  /** What the HMAC covers before the bytes of the body. */
  readonly prefix: string;
  /** HMAC-SHA256 digests; a sender that rotates its secrets sends several. */
  readonly digests: readonly Buffer[];
}

/**
 * The greatest difference between the sender's clock and ours; a recorded request that is replayed later is refused.
 */
const toleranceSeconds = 300;

/**
 * Whether a signature can be authentic: its timestamp is within five minutes of `now`, and one of its digests has the
 * length of an HMAC-SHA256. A request without such a signature is refused before its body is read.
 */
export function isPlausible({ signedAt, digests }: ClaimedSignature, now: Temporal.Instant): boolean {
  const age = now.epochMilliseconds / 1_000 - signedAt;
  return Math.abs(age) <= toleranceSeconds && digests.some(({ length }) => length === 32);
}

/** Verifies a claimed signature while the body arrives, chunk by chunk. */
export class SignatureCheck {
  private readonly hmacs: readonly Hmac[];

  constructor(
    private readonly claimed: ClaimedSignature,
    keys: readonly Buffer[],
  ) {
    this.hmacs = keys.map((key) => createHmac('sha256', key).update(claimed.prefix));
  }

  /** Takes the next bytes of the body. */
  update(chunk: Buffer): void {
    for (const hmac of this.hmacs) hmac.update(chunk);
  }

  /** Whether one of the keys made one of the digests. Ends the check; the comparison takes constant time. */
  isAuthentic(): boolean {
    let authentic = false;
    for (const hmac of this.hmacs) {
      const digest = hmac.digest();
      for (const candidate of this.claimed.digests) {
        if (candidate.length === digest.length && timingSafeEqual(candidate, digest)) authentic = true;
      }
    }
    return authentic;
  }
}

/**
 * The elements of a header that is a list (RFC 9110 §5.6.1): separated by commas with optional white space, as gateways
 * join repeated headers. Empty elements are left out.
 */
export function listElements(header: string): string[] {
  return header
    .split(',')
    .map((element) => element.trim())
    .filter((element) => element !== '');
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
