import { contentHash, isId } from '#kernel/ids.js';
import { isCurrency, isPayableAmount } from '#kernel/money.js';
import type { PaymentNotice } from '../../payments/domain/payment-notice.js';
import type { RefundNotice } from '../../refunds/domain/refund-notice.js';
import type { RefundReport } from '../../refunds/domain/refund-report.js';
import { type Acceptance, everything, foreignness } from './acceptance.js';
import { extrasNoticed } from './extras-data.js';
import type { Notification, PaymentData, RawRequest, RefundData, ReportData, WebhookProvider } from './provider.js';

type Quarantined =
  | 'BODY_UNREADABLE'
  | 'EVENT_ID_MISSING'
  | 'PAYMENT_ID_INVALID'
  | 'AMOUNT_INVALID'
  | 'CURRENCY_UNKNOWN'
  | 'EXTRAS_INVALID'
  | 'REFUND_ID_INVALID'
  | 'REFUND_STATUS_UNKNOWN'
  | 'DISPUTE_REINSTATED_IN_PART'
  | 'MONEY_NOT_UNDERSTOOD'
  | 'STRIPE_SUBSCRIPTIONS_NOT_SUPPORTED_YET';

/** What an authentic request is by itself, before it is compared with what is stored. */
export interface ClassifiedNotification {
  readonly eventId: string | null;
  readonly contentHash: Buffer | null;
  readonly verdict: 'payment' | 'refund' | 'stored' | 'quarantined';
  readonly reason: string | null;
  /** Also of a payment that is only stored because it names nobody. */
  readonly payment: Omit<PaymentNotice, 'cause'> | null;
  readonly refund: Omit<RefundNotice, 'cause'> | null;
  /** Of a stored request: what its provider says went back of a payment in all. */
  readonly report?: RefundReport;
}

/**
 * Classifies an authentic request. Pure: the same bytes always give the same result, under the same acceptance.
 * @param acceptance which notifications are taken; all of them where it is left out
 */
export function classify(
  provider: WebhookProvider,
  request: RawRequest,
  acceptance: Acceptance = everything,
): ClassifiedNotification {
  let notification: Notification;
  try {
    notification = provider.read(request);
  } catch {
    return { ...unidentified, verdict: 'quarantined', reason: 'BODY_UNREADABLE' };
  }
  const { eventId, says, content, origin, report: reported } = notification;
  if (eventId === null || !isToken(eventId)) {
    if (content === 'other') return { ...unidentified, verdict: 'stored', reason: null };
    return { ...unidentified, verdict: 'quarantined', reason: 'EVENT_ID_MISSING' };
  }
  const event = { eventId, contentHash: contentHash(says), reason: null, payment: null, refund: null };
  const foreign = foreignness(origin, acceptance);
  if (content === 'other') {
    const report = reported && !foreign ? reportOf(provider.name, reported) : undefined;
    return { ...event, verdict: 'stored', ...(report && { report }) };
  }
  if (foreign) return { ...event, ...foreign };
  if ('quarantined' in content) return { ...event, verdict: 'quarantined', reason: content.quarantined };
  if ('refund' in content) {
    const refund = refundOf(provider.name, content.refund);
    if (typeof refund === 'string') return { ...event, verdict: 'quarantined', reason: refund };
    return { ...event, verdict: 'refund', refund };
  }
  const payment = noticeOf(provider.name, content.payment);
  if (typeof payment === 'string') return { ...event, verdict: 'quarantined', reason: payment };
  if (!acceptance.unnamedPayments && !isId(payment.personNamed) && !isId(payment.orderNamed)) {
    return { ...event, verdict: 'stored', reason: 'PAYMENT_UNNAMED', payment };
  }
  return { ...event, verdict: 'payment', payment };
}

/** The event id stands for nothing when there is none. */
const unidentified = { eventId: null, contentHash: null, payment: null, refund: null };

function noticeOf(provider: string, data: PaymentData): Omit<PaymentNotice, 'cause'> | Quarantined {
  const { reference, metadata, clientReference } = data;
  if (!isToken(reference)) return 'PAYMENT_ID_INVALID';
  const money = moneyOf(data);
  if (typeof money === 'string') return money;
  const extras = extrasNoticed(data.extras ?? {}, money.amountMinor);
  if (typeof extras === 'string') return extras;
  const named = (typeof metadata === 'object' && metadata !== null ? metadata : {}) as Record<string, unknown>;
  const personNamed = nameOf(named.person_id);
  const orderNamed = nameOf(named.order_id);
  const standIn = personNamed === null && orderNamed === null ? nameOf(clientReference) : null;
  const order = standIn === null ? { orderNamed } : { orderNamed: standIn, orderStandsIn: true };
  return { provider, reference, ...money, ...extras, personNamed, ...order };
}

function refundOf(provider: string, data: RefundData): Omit<RefundNotice, 'cause'> | Quarantined {
  const { kind, reference, paymentReference, reinstated } = data;
  if (!isToken(reference)) return 'REFUND_ID_INVALID';
  if (!isToken(paymentReference)) return 'PAYMENT_ID_INVALID';
  const money = moneyOf(data);
  if (typeof money === 'string') return money;
  return { provider, kind, reference, paymentReference, ...money, reinstated };
}

function reportOf(provider: string, data: ReportData): RefundReport | undefined {
  const { kind, paymentReference } = data;
  const money = moneyOf(data);
  if (!isToken(paymentReference) || typeof money === 'string') return undefined;
  return { provider, kind, paymentReference, ...money };
}

function moneyOf({
  amountMinor,
  currency,
}: Pick<PaymentData, 'amountMinor' | 'currency'>): Pick<PaymentNotice, 'amountMinor' | 'currency'> | Quarantined {
  if (!isPayableAmount(amountMinor)) return 'AMOUNT_INVALID';
  if (typeof currency !== 'string' || !isCurrency(currency)) return 'CURRENCY_UNKNOWN';
  return { amountMinor, currency };
}

const nameMax = 200;

/** Ids in lower case, as they are stored; any other value as it came, for the operator who looks for its owner. */
function nameOf(value: unknown): string | null {
  if (value === undefined || value === null || value === '') return null;
  if (isId(value)) return value.toLowerCase();
  const text = typeof value === 'string' && isPlain(value) ? value : JSON.stringify(value);
  return text.slice(0, nameMax).toWellFormed();
}

/** An id of the provider’s making: printable ASCII without spaces. */
function isToken(value: unknown): value is string {
  return typeof value === 'string' && /^[!-~]{1,200}$/.test(value);
}

/** No control characters: Postgres takes no NUL, and operators read these. */
function isPlain(text: string): boolean {
  return /^\P{C}+$/u.test(text);
}
