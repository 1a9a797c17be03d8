import { formatMoney } from '#kernel/money.js';
import { Refusal } from '#kernel/refusal.js';
import { type ReceivableState, type Shortfall, shortfallOf } from '../../receivables/domain/receivable.js';

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

/**
 * What is paid for an order now.
 * @throws Refusal ORDER_NOT_PAYABLE
 */
export function payableOf(order: OrderToPay, money: MoneyForOrder, now: Temporal.Instant): Shortfall {
  const { state, amountMinor, currency, expiresAt } = order;
  if (state !== 'opened') throw notPayable(order, `The order is ${state}: it takes no payment.`);
  if (expiresAt !== null && Temporal.Instant.compare(expiresAt, now) <= 0) {
    throw notPayable(order, 'The time to pay this order is over.');
  }
  if (money.state !== null && money.state !== 'open') {
    throw notPayable(order, 'Money is reserved for this order already.');
  }
  const shortfall = shortfallOf({ ...money, amountMinor, state: 'open' });
  if (shortfall.lacksMinor > 0) return shortfall;
  const available = formatMoney({ amountMinor: money.availableMinor, currency });
  throw notPayable(order, `${available} are available and pay this order at once.`);
}

/** A payment was made on the order's page, and its notification has not come yet. */
export function paymentOnItsWay(order: OrderToPay, lacksMinor: number): Refusal {
  const message = 'A payment of this order is on its way: the provider has not confirmed it yet.';
  return refusal({ ...order, waitsFor: 'payment' }, message, lacksMinor);
}

function notPayable(order: OrderToPay, message: string): Refusal {
  return refusal({ ...order, waitsFor: order.state === 'opened' ? null : order.waitsFor }, message, 0);
}

function refusal({ orderId, state, waitsFor }: OrderToPay, message: string, lacksMinor: number): Refusal {
  return new Refusal('ORDER_NOT_PAYABLE', message, {
    order_id: orderId,
    status: state,
    waits_for: waitsFor,
    lacks_minor: lacksMinor,
  });
}
