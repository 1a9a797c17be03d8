import { setTimeout as sleep } from 'node:timers/promises';
import type { Notification, RefundDetails } from '../messages/provider-notifications.js';
import type { Scenario } from './scenario.js';

/** What a client and a provider do when something does not answer: the same again, a little later. */
const retryPauseMs = 250;
const retriesMax = 400;

export interface PaidOrder {
  readonly personId: string;
  readonly orderId: string;
  /** Whether a promo code made it cheaper. */
  readonly discounted: boolean;
}

export interface LoadOptions {
  readonly workers?: number;
  /** Promo codes that some of the persons try; a person who is refused orders without. */
  readonly codes?: { readonly discount: string; readonly bonus: string };
}

/** An order that is paid, and how. */
interface Payment {
  readonly orderId: string;
  readonly personId: string;
  readonly amountMinor: number;
  readonly paymentId: string;
  readonly provider: Notification['provider'];
}

interface LoadAnswer {
  readonly order_id: string;
  readonly amount_minor: number;
  readonly discount_minor: number;
}

/**
 * Persons order and providers pay, several at a time, until stopped; some of the money goes back, once its order
 * is closed, and some of that comes again. Nothing that fails is given up: requests are repeated with their idempotency
 * key and notifications with their id, as clients and providers do.
 */
export class Load {
  readonly paid: PaidOrder[] = [];
  readonly #scenario: Scenario;
  readonly #classId: string;
  readonly #codes: LoadOptions['codes'];
  readonly #workers: Promise<void>[];
  #over = false;

  constructor(scenario: Scenario, classId: string, { workers = 4, codes }: LoadOptions = {}) {
    this.#scenario = scenario;
    this.#classId = classId;
    this.#codes = codes;
    this.#workers = Array.from({ length: workers }, (_, worker) => this.#work(worker));
  }

  /** Waits until so many more orders than now have been paid for. */
  async more(orders: number): Promise<void> {
    const goal = this.paid.length + orders;
    while (this.paid.length < goal) {
      await Promise.race([sleep(20), ...this.#workers]);
    }
  }

  async stop(): Promise<void> {
    this.#over = true;
    await Promise.all(this.#workers);
  }

  async #work(worker: number): Promise<void> {
    const toRefund: Payment[] = [];
    let refunded = 0;
    for (let turn = 0; !this.#over; turn += 1) {
      const personId = crypto.randomUUID();
      const username = `load-${worker}-${turn}-${personId.slice(0, 8)}`;
      const person = { person_id: personId, name: 'Under Load', username, email: `${username}@example.org` };
      await this.#until(`person-${personId}`, '/persons', person);
      if (this.#codes && turn % 3 === 0) {
        await this.#until(`apply-${personId}`, '/promo-codes/apply', {
          person_id: personId,
          promo_code: this.#codes.bonus,
        });
      }
      const order = await this.#order(personId, turn % 2 === 0 ? this.#codes?.discount : undefined);
      if (order.amount_minor > 0) {
        const provider = turn % 2 === 0 ? 'standard' : 'stripe';
        const payment = { orderId: order.order_id, amountMinor: order.amount_minor, paymentId: `pay_${personId}` };
        await this.#deliver(this.#scenario.notification({ ...payment, currency: 'EUR' }, provider));
        if (turn % 3 === 0) toRefund.push({ ...payment, personId, provider });
      }
      this.paid.push({ personId, orderId: order.order_id, discounted: order.discount_minor > 0 });
      const [oldest] = toRefund;
      // One that is closed already stays so; an open one would give way.
      if (oldest && (await this.#isClosed(oldest.orderId))) {
        toRefund.shift();
        await this.#refund(oldest, refunded);
        refunded += 1;
      }
    }
  }

  async #isClosed(orderId: string): Promise<boolean> {
    const answer = await this.#scenario.admin.get(`/orders/${orderId}`).catch(() => undefined);
    return answer?.status === 200 && answer.body.state === 'closed';
  }

  /**
   * By turns: a whole refund, notified twice; a half, and its reinstatement; the refund of a further payment, notified
   * before it.
   */
  async #refund({ personId, amountMinor, paymentId, provider }: Payment, turn: number): Promise<void> {
    const money = { paymentId, currency: 'EUR', amountMinor };
    const halfMinor = Math.ceil(amountMinor / 2);
    const notify = (details: RefundDetails) => this.#deliver(this.#scenario.refundNotification(details, provider));
    switch (turn % 3) {
      case 0: {
        const refund = { ...money, refundId: `refund_${personId}` };
        await Promise.all([notify(refund), notify(refund)]);
        return;
      }
      case 1: {
        const half = { ...money, kind: 'dispute', refundId: `dispute_${personId}` } as const;
        await notify({ ...half, amountMinor: halfMinor });
        await notify({ ...half, amountMinor: halfMinor, reinstated: true });
        return;
      }
      default: {
        const further = { ...money, paymentId: `further_${personId}` };
        await notify({ ...further, amountMinor: halfMinor });
        await this.#deliver(this.#scenario.notification({ ...further, personId }, provider));
      }
    }
  }

  async #order(personId: string, code: string | undefined): Promise<LoadAnswer> {
    const request = { person_id: personId, class_id: this.#classId };
    const discounted = code && (await this.#until(`cheaper-${personId}`, '/orders', { ...request, promo_code: code }));
    return discounted || ((await this.#until(`order-${personId}`, '/orders', request)) as LoadAnswer);
  }

  /** Nothing, when a promo code was refused. */
  async #until(key: string, path: string, body: unknown): Promise<LoadAnswer | undefined> {
    for (let attempt = 0; ; attempt += 1) {
      const answer = await this.#scenario.admin.post(path, body, { 'idempotency-key': key }).catch(() => undefined);
      if (answer && answer.status < 300) return answer.body;
      if (/^(PROMO_CODE_|TOO_MANY_CODE_ATTEMPTS)/.test(answer?.body.code)) return undefined;
      const mayBeRepeated = answer === undefined || answer.status >= 500 || answer.status === 409;
      if (!mayBeRepeated || attempt === retriesMax) {
        throw new Error(`${path} was answered ${answer?.status} ${JSON.stringify(answer?.body)}`);
      }
      await sleep(retryPauseMs);
    }
  }

  async #deliver(notification: Notification): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      const answer = await this.#scenario.deliver(notification).catch(() => undefined);
      if (answer?.status === 200) return;
      if ((answer && answer.status < 500) || attempt === retriesMax) {
        throw new Error(`a notification was answered ${answer?.status}`);
      }
      await sleep(retryPauseMs);
    }
  }
}
