import { formatMoney } from '#kernel/money.js';
import { Refusal } from '#kernel/refusal.js';
import type { ReceivableState } from '../../receivables/domain/receivable.js';

/** An order as subscriptions has it. */
export interface OrderToPay {
  readonly orderId: string;
  readonly personId: string;
  readonly title: string;
  readonly state: 'opened' | 'confirmed' | 'closed' | 'cancelled' | 'expired';
  readonly amountMinor: number;
  readonly currency: string;
  readonly waitsFor: string | null;
  /** The end of the payment window of an opened order. */
  readonly expiresAt: Temporal.Instant | null;
}

/** The money of its person, as payments has it. */
export interface MoneyForOrder {
  /** Null before order-opened has arrived. */
  readonly state: ReceivableState | null;
  readonly availableMinor: number;
  readonly owedMinor: number;
  /** Older orders of the person and currency that wait for money: what is available waits for the oldest of them. */
  readonly waitingBefore: number;
}

/** What is paid for an order, and what of it the person's balance pays. */
export interface Payable {
  readonly amountMinor: number;
  readonly balanceMinor: number;
  /** The part of the amount that the next money repays first. */
  readonly debtMinor: number;
}

/**
 * What an order lacks: a payment of this amount that names the order covers it, and leaves nothing over. The balance
 * counts for the oldest order that waits, as funding spends it; so two orders never count on the same money. Nobody
 * with a debt has a balance, and the debt is repaid first.
 * @throws Refusal ORDER_NOT_PAYABLE
 */
export function payableOf(order: OrderToPay, money: MoneyForOrder, now: Temporal.Instant): Payable {
  const { state, amountMinor, currency, expiresAt } = order;
  if (state !== 'opened') throw notPayable(order, `The order is ${state}: it takes no payment.`);
  if (expiresAt !== null && Temporal.Instant.compare(expiresAt, now) <= 0) {
    throw notPayable(order, 'The time to pay this order is over.');
  }
  if (money.state !== null && money.state !== 'open') {
    throw notPayable(order, 'Money is reserved for this order already.');
  }
  const balanceMinor = money.waitingBefore > 0 ? 0 : Math.max(0, money.availableMinor);
  const lacksMinor = amountMinor - balanceMinor;
  if (lacksMinor <= 0) {
    const available = formatMoney({ amountMinor: money.availableMinor, currency });
    throw notPayable(order, `The person has ${available}, which pays this order at once.`);
  }
  return { amountMinor: lacksMinor + money.owedMinor, balanceMinor, debtMinor: money.owedMinor };
}

/** A payment was made on the order's page, and its notification has not come yet. */
export function paymentOnItsWay(order: OrderToPay, lacksMinor: number): Refusal {
  return notPayable(order, 'A payment of this order is on its way: the provider has not confirmed it yet.', {
    waits_for: 'payment',
    lacks_minor: lacksMinor,
  });
}

function notPayable(order: OrderToPay, message: string, more: object = {}): Refusal {
  const waitsFor = order.state === 'opened' ? null : order.waitsFor;
  const details = { status: order.state, waits_for: waitsFor, lacks_minor: 0, ...more };
  return new Refusal('ORDER_NOT_PAYABLE', message, { order_id: order.orderId, ...details });
}
