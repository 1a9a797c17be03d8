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
    return this.signer() !== null;
  }

  /** As `isAuthentic`: the position of the key that made one of the digests; null when none did. */
  signer(): number | null {
    let signer: number | null = null;
    for (const [position, hmac] of this.hmacs.entries()) {
      const digest = hmac.digest();
      for (const candidate of this.claimed.digests) {
        if (candidate.length === digest.length && timingSafeEqual(candidate, digest)) signer = position;
      }
    }
    return signer;
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

/** A key, and the name of the sender that signs with it. */
export interface SenderKey {
  readonly sender: string;
  readonly key: Buffer;
}

/**
 * A variable with `name=secret` pairs separated by commas. A name may have several secrets, so that they can be
 * rotated; two names cannot share one.
 * @param name the names that are allowed
 * @param keyOf turns a secret into a key; throws when the secret is malformed
 */
export const senderKeys = (name: z.ZodType<string>, keyOf: (secret: string) => Buffer) =>
  z
    .string()
    .default('')
    .transform((list, context): SenderKey[] => {
      const pairs = list.split(',').map((pair) => pair.trim());
      try {
        const keys = pairs.filter((pair) => pair !== '').map((pair) => senderKeyOf(pair, name, keyOf));
        const owners = new Map(keys.map(({ sender, key }) => [key.toString('hex'), sender]));
        const shared = keys.find(({ sender, key }) => owners.get(key.toString('hex')) !== sender);
        if (shared) throw new TypeError(`${shared.sender} has a secret of another name`);
        return keys;
      } catch (error) {
        context.addIssue((error as Error).message);
        return z.NEVER;
      }
    });

function senderKeyOf(pair: string, name: z.ZodType<string>, keyOf: (secret: string) => Buffer): SenderKey {
  const [, sender = '', secret = ''] = /^([^=]*)=(.*)$/.exec(pair) ?? [];
  if (secret === '' || !name.safeParse(sender).success)
    throw new TypeError('write each secret as name=secret: the name has lower-case letters, digits and hyphens');
  return { sender, key: keyOf(secret) };
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
