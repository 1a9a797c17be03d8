import type { IncomingHttpHeaders } from 'node:http';
import { type ClaimedSignature, unixSeconds } from './signature.js';

// Standard Webhooks (https://www.standardwebhooks.com) signs `{id}.{timestamp}.{body}`. The key is the base64 behind
// `whsec_`; the signature header lists `v1,<base64>`, separated by spaces.

/** The three headers of a signed request. */
export const standardHeaders = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;

/**
 * The key of a secret.
 * @throws TypeError when the secret is not `whsec_` and at least 16 bytes in base64
 */
export function standardKey(secret: string): Buffer {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  if (key.length < 16) throw new TypeError('a secret of Standard Webhooks is whsec_ and at least 16 bytes in base64');
  return key;
}

/** The signature that a request carries; undefined when it carries none of this kind. */
export function standardSignature(headers: IncomingHttpHeaders): ClaimedSignature | undefined {
  const [id, timestamp, signatures] = standardHeaders.map((name) => [headers[name]].flat().join(', '));
  const signedAt = unixSeconds(timestamp);
  if (!id || !signatures || signedAt === undefined) return undefined;
  return { signedAt, prefix: `${id}.${timestamp}.`, digests: digestsOf(signatures) };
}

/**
 * The digests of version 1. Senders separate signatures by spaces, and gateways join repeated headers by commas; base64
 * has neither, so each version is followed by its digest.
 */
function digestsOf(signatures: string): Buffer[] {
  const words = signatures.split(/[\s,]+/);
  return words.flatMap((word, index) => (word === 'v1' ? [Buffer.from(words[index + 1] ?? '', 'base64')] : []));
}
