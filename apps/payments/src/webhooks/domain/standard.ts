import { standardHeaders, standardKey, standardSignature } from '#identity/standard-webhook.js';
import { withExtras } from './extras-data.js';
import {
  formless,
  headerOf,
  isObject,
  jsonOf,
  membersOf,
  moneyNotUnderstood,
  type RefundData,
  type WebhookProvider,
} from './provider.js';

const refundTypes: ReadonlyMap<string, Pick<RefundData, 'kind' | 'reinstated'>> = new Map([
  ['payment.refunded', { kind: 'refund', reinstated: false }],
  ['payment.refund_failed', { kind: 'refund', reinstated: true }],
  ['payment.disputed', { kind: 'dispute', reinstated: false }],
  ['payment.dispute_won', { kind: 'dispute', reinstated: true }],
]);

/**
 * Standard Webhooks (https://www.standardwebhooks.com). Payload: `payment.succeeded` with
 * `data: {payment_id, amount_minor, currency, metadata: {order_id?, person_id?}, tax_minor?, shipping_minor?,
 * tip_minor?}`, where the amount holds the last three; `payment.refunded` and
 * `payment.refund_failed` with `{refund_id, payment_id, amount_minor, currency}`; `payment.disputed` and
 * `payment.dispute_won` with `dispute_id` in place of `refund_id`.
 */
export const standard: WebhookProvider = {
  name: 'standard',
  headers: standardHeaders,
  keyOf: standardKey,
  signatureOf: standardSignature,

  read({ headers, body }) {
    const value = jsonOf(body);
    const { type, data } = membersOf(value);
    const eventId = headerOf(headers, 'webhook-id') ?? null;
    if (typeof type !== 'string') return { eventId, type: '', says: [value ?? null], content: formless(value) };
    const event = { eventId, type };
    const refund = refundTypes.get(type);
    if (!refund && type !== 'payment.succeeded') return { ...event, says: [type, data], content: 'other' };
    if (!isObject(data)) return { ...event, says: [type, data ?? null], content: moneyNotUnderstood };
    if (refund) {
      const { payment_id: paymentReference, amount_minor: amountMinor, currency, ...ids } = data;
      const reference = ids[`${refund.kind}_id`];
      return {
        ...event,
        says: [type, data],
        content: { refund: { ...refund, reference, paymentReference, amountMinor, currency } },
      };
    }
    const { payment_id: reference, amount_minor: amountMinor, currency, metadata, ...parts } = data;
    const extras = withExtras({ tax: parts.tax_minor, shipping: parts.shipping_minor, tip: parts.tip_minor });
    return {
      ...event,
      says: [type, reference, amountMinor, currency, metadata, ...Object.values(extras)],
      content: { payment: { reference, amountMinor, currency, metadata, ...extras } },
    };
  },
};
