import { Injectable } from '@nestjs/common';
import { latePaymentDecided } from '#contracts/subscriptions/orders.js';
import { Clock } from '#kernel/clock.js';
import { newEvent, Outbox } from '#messaging/publishing/outbox.js';
import type { Tx } from '#persistence/transaction.js';
import type { LateOutcome, LatePayment } from './domain/late-payment.js';
import { LatePaymentsStore } from './late-payments.store.js';

/** The outcome of a late payment that is decided now. */
export interface Decision {
  readonly payment: LatePayment;
  readonly decided: LateOutcome;
}

/** Stores the outcomes of late payments and publishes them. */
@Injectable()
export class StoreDecisions {
  constructor(
    private readonly latePayments: LatePaymentsStore,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async apply(tx: Tx, decisions: readonly Decision[]): Promise<void> {
    const now = this.clock.now();
    const records = decisions.map(({ payment: { id }, decided }) => ({ id, ...columnsOf(decided) }));
    await this.latePayments.decide(tx, records, now);
    await this.outbox.add(
      tx,
      decisions.map(({ payment, decided }) => {
        const { outcome, reasonCode, reason, replacementOrderId } = columnsOf(decided);
        const data = {
          payment_id: payment.paymentId,
          order_id: payment.orderId,
          person_id: payment.personId,
          amount_minor: payment.amountMinor,
          currency: payment.currency,
          outcome,
          reason_code: reasonCode,
          reason,
          replacement_order_id: replacementOrderId,
          decided_at: now.toString(),
        };
        return newEvent(latePaymentDecided, { subject: payment.orderId, data });
      }),
    );
  }
}

function columnsOf(decided: LateOutcome) {
  const { outcome } = decided;
  return outcome === 'reopened'
    ? { outcome, reasonCode: null, reason: null, replacementOrderId: decided.replacementOrderId }
    : { outcome, reasonCode: decided.reason.code, reason: decided.reason.message, replacementOrderId: null };
}
