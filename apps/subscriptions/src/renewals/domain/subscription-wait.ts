import { formatMoney } from '#kernel/money.js';
import type { Order } from '../../orders/domain/order.js';
import type { Subscription } from '../../subscriptions/domain/subscription.js';

/** The next thing that a subscription needs or comes to. */
export interface SubscriptionWait {
  readonly for: 'payment' | 'next_period' | 'end';
  /** For people to read. */
  readonly explanation: string;
}

/**
 * What a subscription waits for: the payment of its oldest open period, else its next period, else its last day. Null
 * of one that has ended or has no end.
 */
export function subscriptionWaitOf(subscription: Subscription, orders: readonly Order[]): SubscriptionWait | null {
  const { state, nextPeriod, nextAt } = subscription;
  if (state === 'ended') return null;
  const unpaid = orders.find((order) => order.state === 'opened');
  if (unpaid) return { for: 'payment', explanation: paymentOf(subscription, unpaid) };
  if (nextAt === null) return null;
  if (nextPeriod !== null) {
    return { for: 'next_period', explanation: `The order of its period ${nextPeriod} opens at ${nextAt}.` };
  }
  return { for: 'end', explanation: `It ends at ${nextAt}, when its last day is over.` };
}

function paymentOf({ state }: Subscription, order: Order): string {
  const due = order.dueDate ? `, due on ${order.dueDate}` : '';
  const suspension = order.dunning.find(({ step }) => step === 'suspend');
  const stay =
    state === 'suspended'
      ? 'It is suspended until then.'
      : suspension && `It is suspended at ${suspension.at} without it.`;
  const end = order.expiresAt && `It ends at ${order.expiresAt} without it.`;
  const payment = `It waits for a payment of ${formatMoney(order)} for its period ${order.period}${due}.`;
  return [payment, stay, end].filter(Boolean).join(' ');
}
