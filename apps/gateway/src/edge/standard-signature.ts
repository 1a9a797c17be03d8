import { createHmac, timingSafeEqual } from 'node:crypto';

/** How far the sender's clock may be from ours, in either direction; what was recorded and is replayed is older. */
const toleranceMs = 300_000;

export interface SignedRequest {
  readonly id: string | undefined;
  /** Seconds since 1970, in digits. */
  readonly timestamp: string | undefined;
  /** `v1,<base64>`, or several of those separated by spaces. */
  readonly signature: string | undefined;
  readonly body: Buffer;
}

/**
 * The key of a secret of Standard Webhooks: `whsec_` and at least 16 bytes in base64.
 * @throws TypeError
 */
export function keyOf(secret: string): Buffer {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  if (key.length < 16) throw new TypeError('a secret is whsec_ and at least 16 bytes in base64');
  return key;
}

/**
 * Whether one of `keys` signed these very bytes, and lately: `{id}.{timestamp}.{body}` under HMAC-SHA256, as Standard
 * Webhooks has it (https://www.standardwebhooks.com). Takes the same time whether and wherever a digest differs.
 */
export function isSignedBy(keys: readonly Buffer[], request: SignedRequest, now: Temporal.Instant): boolean {
  const { id, timestamp, signature, body } = request;
  if (!id || !signature || timestamp === undefined || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(now.epochMilliseconds - Number(timestamp) * 1_000) > toleranceMs) return false;
  const claimed = signature
    .split(' ')
    .filter((one) => one.startsWith('v1,'))
    .map((one) => Buffer.from(one.slice(3), 'base64'));
  let authentic = false;
  for (const key of keys) {
    const digest = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
    for (const candidate of claimed) {
      if (candidate.length === digest.length && timingSafeEqual(candidate, digest)) authentic = true;
    }
  }
  return authentic;
}
