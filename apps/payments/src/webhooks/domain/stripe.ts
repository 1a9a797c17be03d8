import { listElements, unixSeconds } from '#identity/signature.js';
import {
  formless,
  headerOf,
  isObject,
  jsonOf,
  membersOf,
  moneyNotUnderstood,
  type Notification,
  type PaymentData,
  type RefundData,
  type ReportData,
  type WebhookProvider,
} from './provider.js';
import { extrasOfIntent, extrasOfSession } from './stripe-extras.js';
import { minorOfStripe } from './stripe-units.js';

/** Types of payments that were stored before they were supported: their hashed content stays as it was then. */
const supportedLater = new Set(['charge.captured']);

/**
 * Stripe (https://docs.stripe.com/webhooks) signs `{t}.{body}`; the key is the whole `whsec_…` text, the header
 * reads `t=…,v1=<hex>[,v1=…]`. Several events belong to one payment: they share the id of its payment intent, which
 * is the reference of the payment. Refunds come by `refund.created`, `refund.updated`, `refund.failed` and, for
 * some means of payment, `charge.refund.updated`, each with the refund as it then is. A dispute moves money by
 * `charge.dispute.funds_withdrawn` and `charge.dispute.funds_reinstated`. `charge.refunded`, `charge.dispute.created`
 * and `charge.dispute.closed` only say what went back in all.
 */
export const stripe: WebhookProvider = {
  name: 'stripe',
  headers: ['stripe-signature'],

  keyOf(secret) {
    if (secret.length < 16) throw new Error('a signing secret of Stripe is the whole text that begins with whsec_');
    return Buffer.from(secret);
  },

  signatureOf(headers) {
    const fields = listElements(headerOf(headers, 'stripe-signature') ?? '').map((field) => field.split('='));
    const timestamp = fields.find(([name]) => name === 't')?.[1];
    const signedAt = unixSeconds(timestamp);
    if (signedAt === undefined) return undefined;
    const digests = fields.filter(([name]) => name === 'v1').map(([, digest]) => Buffer.from(digest ?? '', 'hex'));
    return { signedAt, prefix: `${timestamp}.`, digests };
  },

  read({ body }) {
    const value = jsonOf(body);
    const { id, type, data, livemode, account, ...rest } = membersOf(value);
    const eventId = typeof id === 'string' ? id : null;
    const origin = { isTest: livemode === false, account: typeof account === 'string' ? account : null };
    if (typeof type !== 'string') return { eventId, type: '', says: [value ?? null], content: formless(value), origin };
    const event = { eventId, type, origin };
    const object = membersOf(data).object;
    if (!isObject(object)) {
      // A thin event names what it is about and does not carry it; its type may have a version in front.
      const content = moneyTypes.has(type.replace(/^v\d+\./, '')) ? moneyNotUnderstood : 'other';
      return { ...event, says: [type, data ?? null, rest.related_object ?? null], content };
    }
    const content = contentOf(type, object);
    const report = reportOf(type, object);
    if (report) return { ...event, says: [type, object], content: 'other', report: inMinorUnits(report) };
    if (typeof content === 'string' || 'quarantined' in content) return { ...event, says: [type, object], content };
    if ('refund' in content) {
      return { ...event, says: [type, object], content: { refund: inMinorUnits(content.refund) } };
    }
    // The amount as Stripe writes it: the hashed content stays the same, however the amount is read.
    const { clientReference: _, ...payment } = content.payment;
    const says = supportedLater.has(type) ? [type, object] : [type, ...Object.values(payment)];
    if (type.startsWith('checkout.') && payment.amountMinor === 0) return { ...event, says, content: 'other' };
    return { ...event, says, content: { payment: inMinorUnits(content.payment) } };
  },
};

/** The types of events that move money. */
const moneyTypes: ReadonlySet<string> = new Set([
  'payment_intent.succeeded',
  'charge.succeeded',
  'charge.captured',
  'checkout.session.completed',
  'checkout.session.async_payment_succeeded',
  'refund.created',
  'refund.updated',
  'refund.failed',
  'charge.refund.updated',
  'charge.refunded',
  'charge.dispute.funds_withdrawn',
  'charge.dispute.funds_reinstated',
]);

function contentOf(type: string, object: Record<string, unknown>): Notification['content'] {
  switch (type) {
    case 'payment_intent.succeeded':
      return {
        payment: {
          ...paymentDataOf(object, object.id, object.amount_received ?? object.amount),
          ...extrasOfIntent(object),
        },
      };
    case 'charge.succeeded':
    // The money of a charge that was authorised first. Without an intent, no other event carries it.
    case 'charge.captured':
      // Authorised and not captured yet: the money has not arrived.
      if (object.captured === false) return 'other';
      return { payment: paymentDataOf(object, intentOf(object), object.amount_captured ?? object.amount) };
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded':
      if (object.payment_status !== 'paid') return 'other';
      // A subscription's money comes by the events of its invoice, under an intent that the session does not name.
      if (object.mode === 'subscription' && object.amount_total !== 0) {
        return { quarantined: 'STRIPE_SUBSCRIPTIONS_NOT_SUPPORTED_YET' };
      }
      return {
        payment: {
          ...paymentDataOf(object, intentOf(object), object.amount_total),
          clientReference: object.client_reference_id,
          ...extrasOfSession(object),
        },
      };
    case 'refund.created':
    case 'refund.updated':
    case 'refund.failed':
    case 'charge.refund.updated': {
      const reinstated = refundStatuses.get(object.status);
      if (reinstated === undefined) return { quarantined: 'REFUND_STATUS_UNKNOWN' };
      return { refund: refundDataOf('refund', object, reinstated) };
    }
    case 'charge.dispute.funds_withdrawn':
      return { refund: refundDataOf('dispute', object, false) };
    case 'charge.dispute.funds_reinstated':
      // Of a payment that was refunded in part before, that part comes back without the dispute being won.
      if (object.status !== undefined && object.status !== 'won') return { quarantined: 'DISPUTE_REINSTATED_IN_PART' };
      return { refund: refundDataOf('dispute', object, true) };
    default:
      return 'other';
  }
}

/**
 * What went back of a payment in all, by events that move nothing here: the endpoint may miss those that do. Of an
 * inquiry (`warning_…`) no money is withdrawn.
 */
function reportOf(type: string, object: Record<string, unknown>): ReportData | undefined {
  const { amountMinor, currency } = paymentDataOf(object, object.id, object.amount);
  if (type === 'charge.refunded') {
    const refundedMinor = paymentDataOf(object, object.id, object.amount_refunded).amountMinor;
    return { kind: 'refund', paymentReference: intentOf(object), amountMinor: refundedMinor, currency };
  }
  const { status } = object;
  const isWithdrawn =
    (type === 'charge.dispute.created' && typeof status === 'string' && !status.startsWith('warning')) ||
    (type === 'charge.dispute.closed' && status === 'lost');
  if (!isWithdrawn) return undefined;
  const paymentReference = idOf(object.payment_intent) ?? idOf(object.charge);
  return { kind: 'dispute', paymentReference, amountMinor, currency };
}

/** Whether the money of a refund in this status is ours again: a refund leaves our balance when it is created. */
const refundStatuses: ReadonlyMap<unknown, boolean> = new Map([
  ['pending', false],
  ['requires_action', false],
  ['succeeded', false],
  ['failed', true],
  ['canceled', true],
]);

function refundDataOf(kind: RefundData['kind'], object: Record<string, unknown>, reinstated: boolean): RefundData {
  const { amountMinor, currency } = paymentDataOf(object, object.id, object.amount);
  const paymentReference = idOf(object.payment_intent) ?? idOf(object.charge);
  return { kind, reference: object.id, paymentReference, amountMinor, currency, reinstated };
}

function paymentDataOf(
  { currency, metadata }: Record<string, unknown>,
  reference: unknown,
  amountMinor: unknown,
): PaymentData {
  return {
    reference,
    amountMinor,
    currency: typeof currency === 'string' ? currency.toUpperCase() : currency,
    metadata,
  };
}

function inMinorUnits<Data extends Pick<PaymentData, 'amountMinor' | 'currency' | 'extras'>>(data: Data): Data {
  const { amountMinor, currency, extras } = data;
  if (typeof currency !== 'string') return data;
  const convert = (units: number) => minorOfStripe(units, currency);
  const converted = (units: unknown) => (typeof units === 'number' ? convert(units) : units);
  // A part of a króna of an extra stays with the money of the person. Other parts are no amounts.
  const whole = (units: unknown) =>
    typeof units === 'number' && Number.isInteger(units) ? Math.floor(convert(units)) : units;
  return {
    ...data,
    amountMinor: converted(amountMinor),
    ...(extras && { extras: { tax: whole(extras.tax), shipping: whole(extras.shipping), tip: whole(extras.tip) } }),
  };
}

/** The reference of an object's payment: its intent, or the object itself where there is none. */
function intentOf({ payment_intent: intent, id }: Record<string, unknown>): unknown {
  return idOf(intent) ?? id;
}

/** An id, or that of the object itself where it was expanded. */
function idOf(named: unknown): unknown {
  return typeof named === 'object' && named !== null ? (named as { id?: unknown }).id : named;
}
