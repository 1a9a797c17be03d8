import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { eventually } from '../eventually.js';
import {
  type Notification,
  type PaymentDetails,
  post,
  type RefundDetails,
  standardNotification,
  standardRefund,
  stripeNotification,
  stripeRefund,
} from '../messages/provider-notifications.js';
import { type Answer, ApiClient } from './api-client.js';
import type { Stack } from './stack.js';

export interface Student {
  readonly personId: string;
  readonly api: ApiClient;
}

export interface ClassTerms {
  readonly priceMinor?: number;
  readonly currency?: string;
  readonly capacity?: number | null;
  readonly approvalRequired?: boolean;
  readonly endDate?: string;
  readonly toleranceMinor?: number;
}

/** What an outside system says that a person has done. */
export interface Conversion {
  readonly conversionId?: string;
  readonly personId: string;
  readonly offerId: string;
  readonly payoutMinor: number;
  readonly currency?: string;
  readonly occurredAt?: Date;
}

/** A catalogue, persons and providers on a running stack: the verbs of the journeys. */
export class Scenario {
  /** What providers posted and had answered with 2xx; nothing may ever make it undone. */
  readonly accepted: Notification[] = [];

  private constructor(
    readonly stack: Stack,
    readonly admin: ApiClient,
    private readonly rules: { readonly free: string; readonly priced: string },
  ) {}

  static async on(stack: Stack): Promise<Scenario> {
    const admin = new ApiClient(stack.gatewayUrl, await stack.token('admin', 'admin'));
    // Tests that share a stack share the type and the rules: while one makes them, the key is in use for another.
    const once = (path: string, name: string, body: object) =>
      eventually(() => admin.made(path, body, { 'idempotency-key': `scenario-${name}` }));
    await once('/admin/parameter-types', 'amount', { name: 'amount', schema: { type: 'integer', minimum: 0 } });
    const free = await once('/admin/subscription-rules', 'free', { title: 'Free subscription', method: 'free' });
    const priced = await once('/admin/subscription-rules', 'priced', {
      title: 'Single payment subscription',
      method: 'single_payment',
      parameters: [{ name: 'price', type: 'amount', required: true }],
    });
    return new Scenario(stack, admin, { free: free.rule_id, priced: priced.rule_id });
  }

  /** A class that costs `priceMinor`, or nothing when that is left out. Answers its id. */
  async class({
    priceMinor,
    currency,
    capacity,
    approvalRequired,
    endDate,
    toleranceMinor,
  }: ClassTerms = {}): Promise<string> {
    const { class_id } = await this.admin.made('/admin/classes', {
      title: `Class ${randomUUID()}`,
      rule_id: priceMinor === undefined ? this.rules.free : this.rules.priced,
      parameters: priceMinor === undefined ? {} : { price: priceMinor },
      time_zone: 'Europe/Berlin',
      currency: currency ?? 'EUR',
      capacity: capacity ?? null,
      approval_required: approvalRequired ?? false,
      end_date: endDate ?? null,
      payment_tolerance_minor: toleranceMinor ?? 0,
    });
    return class_id;
  }

  /** A registered person with a token of their own. */
  async student(instance = 0): Promise<Student> {
    const personId = randomUUID();
    const gateway = this.stack.service('gateway', instance).url;
    const api = new ApiClient(gateway, await this.stack.token('member', personId));
    const username = `student-${personId}`;
    await api.made('/persons', { name: 'A Student', username, email: `${username}@example.org` });
    return { personId, api };
  }

  /** Opens an order. Answers its id. */
  async order({ personId, api }: Student, classId: string): Promise<string> {
    const { order_id } = await api.made('/orders', { person_id: personId, class_id: classId });
    return order_id;
  }

  /** A promo code of its own name unless the terms name it. Answers it as people type it. */
  async code(terms: Record<string, unknown>): Promise<{ code: string; codeId: string }> {
    const code = randomUUID().slice(0, 18).toUpperCase();
    const made = await this.admin.made('/admin/promo-codes', { code, ...terms });
    return { code: made.code, codeId: made.code_id };
  }

  /** Codes that a load uses up: a tenth off, and a bonus, each that many times and once per person. */
  async codesForLoad(max_uses: number): Promise<{ discount: string; bonus: string }> {
    const terms = { max_uses, max_uses_per_person: 1, currency: 'EUR' };
    const discount = await this.code({ kind: 'discount', percent_bp: 1_000, ...terms });
    const bonus = await this.code({ kind: 'bonus', amount_minor: 150, ...terms });
    return { discount: discount.code, bonus: bonus.code };
  }

  /** Tries to order with promo codes. */
  orderWith({ personId, api }: Student, classId: string, ...codes: string[]): Promise<Answer> {
    return api.post('/orders', { person_id: personId, class_id: classId, promo_codes: codes });
  }

  /** An offer of an outside system. Answers its id. */
  async offer(currency = 'EUR'): Promise<string> {
    const offerId = `offer-${randomUUID()}`;
    await this.admin.made('/admin/offers', { offer_id: offerId, name: `An offer ${offerId}`, currency });
    return offerId;
  }

  /** A person takes a bonus code. */
  apply({ personId, api }: Student, code: string): Promise<Answer> {
    return api.post('/promo-codes/apply', { person_id: personId, promo_code: code });
  }

  /**
   * Posts conversions as an outside system does, signed, to an instance of the gateway: one as it is, several as a
   * list.
   */
  async convert(conversions: Conversion | readonly Conversion[], instance = 0): Promise<Answer> {
    const one = ({ conversionId, personId, offerId, payoutMinor, currency, occurredAt }: Conversion) => ({
      conversion_id: conversionId ?? `conversion-${randomUUID()}`,
      person_id: personId,
      offer_id: offerId,
      payout_minor: payoutMinor,
      currency: currency ?? 'EUR',
      occurred_at: (occurredAt ?? new Date()).toISOString(),
    });
    const body = JSON.stringify('personId' in conversions ? one(conversions) : conversions.map(one));
    const [id, signedAt] = [`msg_${randomUUID()}`, new Date()];
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(signedAt.getTime() / 1_000)),
      'webhook-signature': new Webhook(this.stack.conversionsSecret).sign(id, signedAt, body),
    };
    return new ApiClient(this.stack.service('gateway', instance).url, undefined).post('/conversions', body, headers);
  }

  /** An admin takes a conversion back, each time as something new. */
  reverse(conversionId: string, sender?: string): Promise<Answer> {
    const key = { 'idempotency-key': randomUUID() };
    const query = sender === undefined ? '' : `?sender=${sender}`;
    return this.admin.post(`/conversions/${conversionId}/reverse${query}`, { reason: 'refund' }, key);
  }

  notification(details: PaymentDetails, provider: Notification['provider'] = 'standard'): Notification {
    const secret = this.stack.secrets[provider];
    return provider === 'standard' ? standardNotification(secret, details) : stripeNotification(secret, details);
  }

  /** Posts a notification to an instance of the payment service; what is answered 2xx is remembered. */
  async deliver(notification: Notification, instance = 0): Promise<{ status: number; verdict: string | undefined }> {
    const answer = await post(this.stack.service('payments', instance).url, notification);
    const body = (await answer.json()) as { verdict?: string };
    if (answer.ok) this.accepted.push(notification);
    return { status: answer.status, verdict: body.verdict };
  }

  pay(
    details: Omit<PaymentDetails, 'currency'> & { currency?: string },
    provider: Notification['provider'] = 'standard',
  ) {
    return this.deliver(this.notification({ currency: 'EUR', ...details }, provider));
  }

  refundNotification(details: RefundDetails, provider: Notification['provider'] = 'standard'): Notification {
    const secret = this.stack.secrets[provider];
    return provider === 'standard' ? standardRefund(secret, details) : stripeRefund(secret, details);
  }

  /** The notification of a refund or dispute, or of its reinstatement. */
  refund(
    details: Omit<RefundDetails, 'currency'> & { currency?: string },
    provider: Notification['provider'] = 'standard',
  ) {
    return this.deliver(this.refundNotification({ currency: 'EUR', ...details }, provider));
  }

  /** Waits until the order has got to this state, and gives it. */
  orderIn(state: string, orderId: string, api = this.admin) {
    return eventually(async () => {
      const { body } = await api.get(`/orders/${orderId}`);
      if (body.state !== state)
        throw new Error(`order ${orderId} is ${body.state}, not ${state}: ${JSON.stringify(body)}`);
      return body;
    });
  }

  /** Waits until the order's money stands on the class's account. */
  settled(orderId: string) {
    return eventually(async () => {
      const { body } = await this.admin.get(`/orders/${orderId}`);
      if (!body.settled_at) throw new Error(`order ${orderId} is not settled: ${JSON.stringify(body)}`);
      return body;
    });
  }

  /** A person's balances of one currency. */
  async balance(personId: string, currency = 'EUR'): Promise<{ posted: number; reserved: number; available: number }> {
    const { body } = await this.admin.get(`/persons/${personId}/account`);
    const found = body.balances.find((balance: { currency: string }) => balance.currency === currency);
    return {
      posted: found?.posted_minor ?? 0,
      reserved: found?.reserved_minor ?? 0,
      available: found?.available_minor ?? 0,
    };
  }

  async studentsOf(classId: string): Promise<string[]> {
    const { body } = await this.admin.get(`/admin/classes/${classId}/students?limit=200`);
    return body.items.map(({ person }: { person: { person_id: string } }) => person.person_id);
  }
}
