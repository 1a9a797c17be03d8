import type { z } from 'zod';
import type { discount } from '#contracts/subscriptions/discount.js';
import type { getOrderProgress, latePayment, orderView as orderContract } from '#contracts/subscriptions/orders.js';
import { assert } from '#kernel/assert.js';
import { explainDiscounted, totalOf } from '../classes/domain/discounted-price.js';
import type { Order } from './domain/order.js';
import { progressOf } from './domain/order-progress.js';
import { waitOf } from './domain/order-wait.js';
import type { DecidedPayment } from './late-payments/late-payments.store.js';

export type OrderView = z.output<typeof orderContract>;
export type ProgressView = z.output<(typeof getOrderProgress)['response']>;

/** An order with the title of its class. */
export interface TitledOrder<Kind extends Order = Order> {
  readonly order: Kind;
  readonly classTitle: string;
}

/** The order with its title among those of its class. */
export function titled<Kind extends Order>(order: Kind, titles: ReadonlyMap<string, string>): TitledOrder<Kind> {
  const classTitle = titles.get(order.classId);
  assert(classTitle !== undefined, 'the class of an order exists');
  return { order, classTitle };
}

/** The order as its person and admins see it. */
export function orderView({ order, classTitle }: TitledOrder): OrderView {
  const discountMinor = totalOf(order.discounts);
  const wait = waitOf(order);
  return {
    order_id: order.id,
    person_id: order.personId,
    class_id: order.classId,
    class_title: classTitle,
    state: order.state,
    waits_for: wait?.for ?? null,
    wait_explanation: wait?.explanation ?? null,
    approval_required: order.approvalRequired,
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
    parameters: { ...order.parameters },
    trace: order.trace.map((step) => ({ ...step })),
    explanation: explainDiscounted(order, order.discounts, order),
    opened_at: order.openedAt.toString(),
    expires_at: order.expiresAt?.toString() ?? null,
    confirmed_at: confirmedAt(order)?.toString() ?? null,
    closed_at: order.state === 'closed' ? order.closedAt.toString() : null,
    settled_at: order.state === 'closed' ? (order.settledAt?.toString() ?? null) : null,
    ended_at: 'endedAt' in order ? order.endedAt.toString() : null,
    end_reason: 'endReason' in order ? order.endReason : null,
    replaces_order_id: order.replacesOrderId,
    subscription_id: order.subscriptionId,
    period: order.period,
    due_date: order.dueDate?.toString() ?? null,
  };
}

/** The payments that came after the end of an order, where it has ended. */
export function latePaymentsView(payments?: readonly DecidedPayment[]): Pick<OrderView, 'late_payments'> {
  return payments ? { late_payments: payments.map(latePaymentView) } : {};
}

function latePaymentView(payment: DecidedPayment): z.output<typeof latePayment> {
  return {
    payment_id: payment.paymentId,
    amount_minor: payment.amountMinor,
    currency: payment.currency,
    received_at: payment.receivedAt.toString(),
    credited_at: payment.creditedAt.toString(),
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
  return discounts.map(({ code, discountMinor, explanation, redemptionId }) => ({
    code,
    discount_minor: discountMinor,
    explanation,
    ...(redemptionId !== undefined && { redemption_id: redemptionId }),
  }));
}

function confirmedAt(order: Order): Temporal.Instant | undefined {
  if (order.state === 'confirmed' || order.state === 'closed') return order.confirmedAt;
  return order.state === 'cancelled' ? order.confirmation?.confirmedAt : undefined;
}
