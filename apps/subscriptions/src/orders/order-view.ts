import type { z } from 'zod';
import type { discount } from '#contracts/subscriptions/discount.js';
import type { getOrderProgress, latePayment, orderView as orderContract } from '#contracts/subscriptions/orders.js';
import { explainDiscounted, totalOf } from '../classes/domain/discounted-price.js';
import type { Order } from './domain/order.js';
import { progressOf } from './domain/order-progress.js';
import type { DecidedPayment } from './late-payments/late-payments.store.js';

export type OrderView = z.output<typeof orderContract>;
export type ProgressView = z.output<(typeof getOrderProgress)['response']>;

/** The order as its person and admins see it. */
export function orderView(order: Order, latePayments?: readonly DecidedPayment[]): OrderView {
  const discountMinor = totalOf(order.discounts);
  return {
    order_id: order.id,
    person_id: order.personId,
    class_id: order.classId,
    state: order.state,
    price_minor: order.amountMinor + discountMinor,
    discount_minor: discountMinor,
    discounts: discountLines(order),
    amount_minor: order.amountMinor,
    tolerance_minor: order.toleranceMinor,
    currency: order.currency,
    start_date: order.startDate.toString(),
    end_date: order.endDate?.toString() ?? null,
    rule_id: order.ruleId,
    rule_version: order.ruleVersion,
    explanation: explainDiscounted(order, order.discounts, order),
    opened_at: order.openedAt.toString(),
    expires_at: order.expiresAt?.toString() ?? null,
    confirmed_at: confirmedAt(order)?.toString() ?? null,
    closed_at: order.state === 'closed' ? order.closedAt.toString() : null,
    settled_at: order.state === 'closed' ? (order.settledAt?.toString() ?? null) : null,
    ended_at: 'endedAt' in order ? order.endedAt.toString() : null,
    end_reason: 'endReason' in order ? order.endReason : null,
    replaces_order_id: order.replacesOrderId,
    ...(latePayments && { late_payments: latePayments.map(latePaymentView) }),
  };
}

function latePaymentView(payment: DecidedPayment): z.output<typeof latePayment> {
  return {
    payment_id: payment.paymentId,
    amount_minor: payment.amountMinor,
    currency: payment.currency,
    received_at: payment.receivedAt.toString(),
    outcome: payment.outcome ?? 'undecided',
    reason_code: payment.reasonCode,
    reason: payment.reason,
    replacement_order_id: payment.replacementOrderId,
    decided_at: payment.decidedAt?.toString() ?? null,
  };
}

/** How far an order has come, step by step. */
export function progressView(order: Order): ProgressView {
  const { steps, finished } = progressOf(order);
  return {
    order_id: order.id,
    steps: steps.map(({ name, description, at }, index) => ({ step: index + 1, name, description, at: at.toString() })),
    finished,
  };
}

/** The discounts of an order as views and events show them. */
export function discountLines({ discounts }: Order): z.output<typeof discount>[] {
  return discounts.map(({ code, discountMinor, explanation }) => ({
    code,
    discount_minor: discountMinor,
    explanation,
  }));
}

function confirmedAt(order: Order): Temporal.Instant | undefined {
  if (order.state === 'confirmed' || order.state === 'closed') return order.confirmedAt;
  return order.state === 'cancelled' ? order.confirmation?.confirmedAt : undefined;
}
