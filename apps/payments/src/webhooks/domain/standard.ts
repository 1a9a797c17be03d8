import { standardHeaders, standardKey, standardSignature } from '#identity/standard-webhook.js';
import { headerOf, jsonObject, objectIn, type RefundData, type WebhookProvider } from './provider.js';

const refundTypes: ReadonlyMap<string, Pick<RefundData, 'kind' | 'reinstated'>> = new Map([
  ['payment.refunded', { kind: 'refund', reinstated: false }],
  ['payment.refund_failed', { kind: 'refund', reinstated: true }],
  ['payment.disputed', { kind: 'dispute', reinstated: false }],
  ['payment.dispute_won', { kind: 'dispute', reinstated: true }],
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
  signatureOf: standardSignature,

  read(request) {
    const { type, data } = jsonObject(request.body);
    if (typeof type !== 'string') throw new TypeError('a notification has a type');
    const event = { eventId: headerOf(request.headers, 'webhook-id') ?? null, type };
    const refund = refundTypes.get(type);
    if (refund) {
      const { payment_id: paymentReference, amount_minor: amountMinor, currency, ...ids } = objectIn(data);
      const reference = ids[`${refund.kind}_id`];
      return {
        ...event,
        says: [type, data],
        content: { refund: { ...refund, reference, paymentReference, amountMinor, currency } },
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
