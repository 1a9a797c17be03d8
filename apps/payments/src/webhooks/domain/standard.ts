import { standardHeaders, standardKey, standardSignature } from '#identity/standard-webhook.js';
import { headerOf, jsonObject, objectIn, type ToldReturn, type WebhookProvider } from './provider.js';

const returnTypes: ReadonlyMap<string, Pick<ToldReturn, 'kind' | 'givenBack'>> = new Map([
  ['payment.refunded', { kind: 'refund', givenBack: false }],
  ['payment.refund_failed', { kind: 'refund', givenBack: true }],
  ['payment.disputed', { kind: 'dispute', givenBack: false }],
  ['payment.dispute_won', { kind: 'dispute', givenBack: true }],
]);

/**
 * Standard Webhooks (https://www.standardwebhooks.com). Payload: `payment.succeeded` with
 * `data: {payment_id, amount_minor, currency, metadata: {order_id?, person_id?}}`; `payment.refunded` and
 * `payment.refund_failed` with `{refund_id, payment_id, amount_minor, currency}`; `payment.disputed` and
 * `payment.dispute_won` with `dispute_id` in place of `refund_id`.
 */
export const standard: WebhookProvider = {
  name: 'standard',
  headers: standardHeaders,
  keyOf: standardKey,
  signatureOf: ({ headers, body }) => standardSignature(headers, body),

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
