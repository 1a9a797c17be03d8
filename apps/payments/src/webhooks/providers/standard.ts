import { headerOf, jsonObject, objectIn, type ToldReturn, type WebhookProvider } from '../provider.js';
import { unixSeconds } from '../signature.js';

const returnTypes: ReadonlyMap<string, Pick<ToldReturn, 'kind' | 'givenBack'>> = new Map([
  ['payment.refunded', { kind: 'refund', givenBack: false }],
  ['payment.refund_failed', { kind: 'refund', givenBack: true }],
  ['payment.disputed', { kind: 'dispute', givenBack: false }],
  ['payment.dispute_won', { kind: 'dispute', givenBack: true }],
]);

/**
 * Standard Webhooks (https://www.standardwebhooks.com): signs `{id}.{timestamp}.{body}`; the key is the base64 behind
 * `whsec_`, the signature header lists `v1,<base64>` separated by spaces. Payload: `payment.succeeded` with
 * `data: {payment_id, amount_minor, currency, metadata: {order_id?, person_id?}}`; `payment.refunded` and
 * `payment.refund_failed` with `{refund_id, payment_id, amount_minor, currency}`; `payment.disputed` and
 * `payment.dispute_won` with `dispute_id` in place of `refund_id`.
 */
export const standard: WebhookProvider = {
  name: 'standard',
  headers: ['webhook-id', 'webhook-timestamp', 'webhook-signature'],

  keyOf(secret) {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    if (key.length < 16) throw new Error('a secret of Standard Webhooks is whsec_ and at least 16 bytes in base64');
    return key;
  },

  signatureOf(request) {
    const id = headerOf(request, 'webhook-id');
    const timestamp = headerOf(request, 'webhook-timestamp');
    const signatures = headerOf(request, 'webhook-signature');
    const signedAt = unixSeconds(timestamp);
    if (!id || !signatures || signedAt === undefined) return undefined;
    const digests = signatures
      .split(' ')
      .filter((signature) => signature.startsWith('v1,'))
      .map((signature) => Buffer.from(signature.slice(3), 'base64'));
    return { signedAt, content: [`${id}.${timestamp}.`, request.body], digests };
  },

  read(request) {
    const { type, data } = jsonObject(request.body);
    if (typeof type !== 'string') throw new TypeError('a notification has a type');
    const event = { eventId: headerOf(request, 'webhook-id') ?? null, type };
    const returned = returnTypes.get(type);
    if (returned) {
      const { payment_id: paymentReference, amount_minor: amountMinor, currency, ...ids } = objectIn(data);
      const reference = ids[`${returned.kind}_id`];
      return {
        ...event,
        says: [type, data],
        content: { returned: { ...returned, reference, paymentReference, amountMinor, currency } },
      };
    }
    if (type !== 'payment.succeeded') return { ...event, says: [type, data], content: 'other' };
    const { payment_id: reference, amount_minor: amountMinor, currency, metadata } = objectIn(data);
    return {
      ...event,
      says: [type, reference, amountMinor, currency, metadata],
      content: { payment: { reference, amountMinor, currency, metadata } },
    };
  },
};
