import type { Deliveries } from './deliveries.ts';
import { newStripeId, type Payment, type Records, type Session, unixSeconds } from './records.ts';
import {
  chargeObject,
  disputeObject,
  intentObject,
  refundObject,
  sessionObject,
  sumOf,
} from './stripe/stripe-objects.ts';

/** What a person asked for is not possible; the sentence says why. */
export class NotPossible extends Error {
  override readonly name = 'NotPossible';
}

/**
 * What payers, their banks and the merchant do at the provider. Each act ends after its notifications were posted once.
 */
export class Payer {
  readonly #records: Records;
  readonly #deliveries: Deliveries;
  readonly #pageUrl: (sessionId: string) => string;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(records: Records, deliveries: Deliveries, pageUrl: (sessionId: string) => string) {
    this.#records = records;
    this.#deliveries = deliveries;
    this.#pageUrl = pageUrl;
  }

  /** Pays the session: what it asks for, or another amount. */
  async pay(session: Session, amount = session.amount): Promise<Payment> {
    const payment = this.#complete(session, amount, 'succeeded');
    await this.#notifySession('checkout.session.completed', session, payment);
    await this.#notifyPayment(payment);
    return payment;
  }

  /** Pays what the session asks for two times, as somebody does who goes back and pays once more. */
  async payTwice(session: Session): Promise<readonly Payment[]> {
    const first = await this.pay(session);
    const second = this.#newPayment(session, session.amount, 'succeeded', session.paymentMetadata);
    await this.#notifyPayment(second);
    return [first, second];
  }

  /** Pays by bank debit: the session completes now, and the money arrives later, by itself or by `arrive`. */
  async payLate(session: Session, afterSeconds?: number): Promise<Payment> {
    const payment = this.#complete(session, session.amount, 'processing');
    await this.#notifySession('checkout.session.completed', session, payment);
    if (afterSeconds !== undefined) {
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        if (payment.status === 'processing') void this.arrive(payment);
      }, afterSeconds * 1_000);
      timer.unref();
      this.#timers.add(timer);
    }
    return payment;
  }

  /** The money of a payment by bank debit arrives. */
  async arrive(payment: Payment): Promise<void> {
    if (payment.status !== 'processing') throw new NotPossible('The money of this payment has arrived already.');
    payment.status = 'succeeded';
    const session = payment.sessionId === null ? undefined : this.#records.session(payment.sessionId);
    if (session) await this.#notifySession('checkout.session.async_payment_succeeded', session, payment);
    await this.#notifyPayment(payment);
  }

  /** Pays as much as the session asks for, past it and naming nobody: the session stays open. */
  async payUnnamed(session: Session, amount = session.amount): Promise<Payment> {
    this.#mustBeOpen(session);
    const payment = this.#newPayment(session, amount, 'succeeded', {});
    await this.#notifyPayment(payment);
    return payment;
  }

  /** The merchant gives back a part of a payment, or what is left of it. */
  async refund(payment: Payment, amount?: number): Promise<void> {
    const left = payment.amount - sumOf(payment.refunds);
    if (payment.status !== 'succeeded') throw new NotPossible('The money of this payment has not arrived yet.');
    if (left <= 0 || (amount !== undefined && amount > left))
      throw new NotPossible('Less than this is left of the payment.');
    const refund = {
      id: newStripeId('re'),
      amount: amount ?? left,
      createdAt: unixSeconds(),
      status: 'succeeded' as const,
    };
    payment.refunds.push(refund);
    await this.#notify('refund.created', payment, refundObject(payment, refund));
    await this.#notify('charge.refunded', payment, chargeObject(payment));
  }

  /** The bank takes no refund: the money is the merchant's again. */
  async failRefund(payment: Payment): Promise<void> {
    const refund = payment.refunds.findLast(({ status }) => status === 'succeeded');
    if (!refund) throw new NotPossible('This payment has no refund that could fail.');
    refund.status = 'failed';
    await this.#notify('refund.failed', payment, refundObject(payment, refund));
  }

  /** The payer disputes the payment at the bank, which takes the money back. */
  async dispute(payment: Payment): Promise<void> {
    if (payment.dispute !== null) throw new NotPossible('This payment was disputed already.');
    const amount = payment.amount - sumOf(payment.refunds);
    if (payment.status !== 'succeeded' || amount <= 0)
      throw new NotPossible('Nothing of this payment is left to dispute.');
    payment.dispute = { id: newStripeId('dp'), amount, createdAt: unixSeconds(), status: 'needs_response' };
    await this.#notifyDispute('charge.dispute.created', payment);
    await this.#notifyDispute('charge.dispute.funds_withdrawn', payment);
  }

  /** The bank decides the dispute, for the merchant or for the payer. */
  async decideDispute(payment: Payment, outcome: 'won' | 'lost'): Promise<void> {
    if (payment.dispute?.status !== 'needs_response') throw new NotPossible('This payment has no open dispute.');
    payment.dispute.status = outcome;
    await this.#notifyDispute('charge.dispute.closed', payment);
    if (outcome === 'won') await this.#notifyDispute('charge.dispute.funds_reinstated', payment);
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #complete(session: Session, amount: number, status: Payment['status']): Payment {
    this.#mustBeOpen(session);
    const payment = this.#newPayment(session, amount, status, session.paymentMetadata);
    session.status = 'complete';
    session.paymentId = payment.id;
    this.#records.save();
    return payment;
  }

  #mustBeOpen(session: Session): void {
    if (session.status === 'complete') throw new NotPossible('This was paid already.');
    if (session.status === 'expired') throw new NotPossible('The time to pay this is over.');
  }

  #newPayment(session: Session, amount: number, status: Payment['status'], metadata: Session['metadata']): Payment {
    const payment: Payment = {
      id: newStripeId('pi'),
      chargeId: newStripeId('ch'),
      sessionId: session.id,
      amount,
      currency: session.currency,
      metadata,
      createdAt: unixSeconds(),
      status,
      refunds: [],
      dispute: null,
    };
    this.#records.payments.set(payment.id, payment);
    return payment;
  }

  async #notifyPayment(payment: Payment): Promise<void> {
    await this.#notify('payment_intent.succeeded', payment, intentObject(payment));
    await this.#notify('charge.succeeded', payment, chargeObject(payment));
  }

  async #notifySession(type: string, session: Session, payment: Payment): Promise<void> {
    await this.#deliveries.notify(type, session.id, sessionObject(session, payment, this.#pageUrl(session.id)));
  }

  async #notifyDispute(type: string, payment: Payment): Promise<void> {
    if (payment.dispute) await this.#notify(type, payment, disputeObject(payment, payment.dispute));
  }

  async #notify(type: string, payment: Payment, object: object): Promise<void> {
    await this.#deliveries.notify(type, payment.id, object);
  }
}
