import { formatMoney } from '#kernel/money.js';
import type { Order } from './order.js';

/** The next thing that an order needs to go on. */
export interface Wait {
  readonly for: 'payment' | 'approval' | 'settlement';
  /** For people to read. */
  readonly explanation: string;
}

/** What an order waits for; null of one that waits for nothing. */
export function waitOf(order: Order): Wait | null {
  switch (order.state) {
    case 'opened': {
      const until = order.expiresAt ? ` It expires at ${order.expiresAt} without it.` : '';
      return { for: 'payment', explanation: `It waits for a payment of ${formatMoney(order)}.${until}` };
    }
    case 'confirmed': {
      const paid = order.amountMinor === 0 ? 'There is nothing to pay' : 'The money is there';
      return { for: 'approval', explanation: `${paid}, and an admin has to approve the order.` };
    }
    case 'closed': {
      if (order.amountMinor === 0 || order.settledAt) return null;
      const explanation = 'The order is complete. Its reserved money is on its way to the account of the class.';
      return { for: 'settlement', explanation };
    }
    case 'cancelled':
    case 'expired':
      return null;
  }
}
