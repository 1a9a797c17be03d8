import type { IncomingHttpHeaders } from 'node:http';
import { type ClaimedSignature, unixSeconds } from './signature.js';

// Standard Webhooks (https://www.standardwebhooks.com) signs `{id}.{timestamp}.{body}`. The key is the base64 behind
// `whsec_`; the signature header lists `v1,<base64>`, separated by spaces.

export const standardHeaders = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;

/** @throws TypeError when it cannot be a secret: `whsec_` and at least 16 bytes in base64. */
export function standardKey(secret: string): Buffer {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  if (key.length < 16) throw new TypeError('a secret of Standard Webhooks is whsec_ and at least 16 bytes in base64');
  return key;
}

/** What a request claims; undefined when it carries no signature of this kind. */
export function standardSignature(headers: IncomingHttpHeaders, body: Buffer): ClaimedSignature | undefined {
  const [id, timestamp, signatures] = standardHeaders.map((name) => [headers[name]].flat()[0]);
  const signedAt = unixSeconds(timestamp);
  if (!id || !signatures || signedAt === undefined) return undefined;
  const digests = signatures
    .split(' ')
    .filter((signature) => signature.startsWith('v1,'))
    .map((signature) => Buffer.from(signature.slice(3), 'base64'));
  return { signedAt, content: [`${id}.${timestamp}.`, body], digests };
}
