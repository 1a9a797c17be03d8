import type { IncomingHttpHeaders } from 'node:http';
import type { ClaimedSignature } from '#identity/signature.js';
import { isDeeperThan } from '#kernel/nesting.js';
import type { Origin } from './acceptance.js';
import type { ExtrasData } from './extras-data.js';

/** An authentic request as it came. */
export interface RawRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A payment as it stands in a notification: nothing is checked yet. */
export interface PaymentData {
  readonly reference: unknown;
  readonly amountMinor: unknown;
  readonly currency: unknown;
  readonly metadata: unknown;
  /** The client's own reference, which stands in for an order where the metadata names nobody. */
  readonly clientReference?: unknown;
  /** Left out where there are none. */
  readonly extras?: ExtrasData;
}

/** A refund or a dispute as it stands in a notification: nothing is checked yet. */
export interface RefundData {
  readonly kind: 'refund' | 'dispute';
  /** The refund’s or dispute’s own id. */
  readonly reference: unknown;
  /** The reference of its payment. */
  readonly paymentReference: unknown;
  readonly amountMinor: unknown;
  readonly currency: unknown;
  /** The refund failed, or the dispute was won: the money is ours again. */
  readonly reinstated: boolean;
}

/** What an authentic notification says. */
export interface Notification {
  /** Unique at the provider; a repeat carries the same. Null when the request has none. */
  readonly eventId: string | null;
  readonly type: string;
  /**
   * The content to be hashed, without what differs from one sending to the next: two notifications with one event
   * id are the same when their hashes are. The parts of a type must never change, not even when a later version
   * supports a type that was only stored before. A repeat would else seem to differ from the first, and be
   * quarantined.
   */
  readonly says: unknown;
  /** The money that moved. `other` types are stored; `quarantined` ones wait for an operator, with the reason. */
  readonly content:
    | { readonly payment: PaymentData }
    | { readonly refund: RefundData }
    | { readonly quarantined: string }
    | 'other';
  readonly origin?: Origin;
  /** What went back of a payment in all, beside the notifications of each refund or dispute. */
  readonly report?: ReportData;
}

/** What went back of a payment in all, as it stands in a notification: nothing is checked yet. */
export type ReportData = Omit<RefundData, 'reference' | 'reinstated'>;

/**
 * How a provider notifies. To add a provider, write one of these beside `stripe.ts`, list it in `providers.ts`, and
 * read its secrets in `payments.config.ts`.
 */
export interface WebhookProvider {
  /** As it stands in the path, and in the accounts where its money is. */
  readonly name: string;
  /** The headers that belong to a notification; they are kept with it. */
  readonly headers: readonly string[];
  /** The key of a configured secret. @throws when it does not look like one. */
  keyOf(secret: string): Buffer;
  /** Undefined when the headers carry no signature of this kind. */
  signatureOf(headers: IncomingHttpHeaders): ClaimedSignature | undefined;
  /** Reads the body of an authentic request. @throws when the body is not of this provider's shape. */
  read(request: RawRequest): Notification;
}

/** The text of a header that may come once. */
export function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** Deeper than any provider nests. */
const depthMax = 64;

/**
 * The JSON of a body; undefined for an empty one, as some pings are.
 * @throws SyntaxError or RangeError when it is not JSON, or nested beyond reason
 */
export function jsonOf(body: Buffer): unknown {
  const text = body.toString('utf8').trim();
  if (text === '') return undefined;
  const value: unknown = JSON.parse(text);
  if (isDeeperThan(depthMax, value)) throw new RangeError(`more than ${depthMax} levels inside each other`);
  return value;
}

/** The members of an object; none for anything else. */
export function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

/** Whether a value is an object with members, and not a list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * What is to be done with a message that has not the form of an event: a ping is stored, and what seems to be about
 * money is for an operator.
 */
export function formless(value: unknown): { readonly quarantined: string } | 'other' {
  return isAboutMoney(value) ? moneyNotUnderstood : 'other';
}

/** Money in a form that nothing here reads. */
export const moneyNotUnderstood = { quarantined: 'MONEY_NOT_UNDERSTOOD' } as const;

const moneyWords = /amount|currency|payment|charge|refund|dispute|price|paid/i;

/** Whether a member of the value, however deep, has a name from the vocabulary of money, or its type does. */
function isAboutMoney(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([name, member]) =>
      moneyWords.test(name) || (name === 'type' && moneyWords.test(String(member))) || isAboutMoney(member),
  );
}
