import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BrokenInvariant } from '#kernel/assert.js';
import { Refusal } from '#kernel/refusal.js';
import { at, terms } from '../../../test/order-terms.js';
import {
  approveOrder,
  type ConfirmedOrder,
  cancelOrder,
  completeOrder,
  completesItself,
  expireOrder,
  type Funding,
  fundOrder,
  type Order,
  type OrderState,
  type OrderTerms,
  openOrder,
  settleOrder,
} from './order.js';

const freeTerms: OrderTerms = { ...terms, amountMinor: 0, expiresAt: null };
const money: Funding = { orderId: terms.id, amountMinor: 1_500, currency: 'EUR', transferId: 'transfer-1' };

const opened = openOrder(terms);
const confirmed: ConfirmedOrder = {
  ...terms,
  state: 'confirmed',
  confirmedAt: at('10:00:00'),
  transferId: 'transfer-1',
};
const closed = completeOrder(confirmed, at('10:00:00'));
const cancelled = cancelOrder(opened, 'Changed my mind.', at('10:00:00'));
const expired = expireOrder(opened, at('11:00:00')) as Order;
const inEachState: [OrderState, Order][] = [opened, confirmed, closed, cancelled, expired].map((order) => [
  order.state,
  order,
]);

function refusalCode(work: () => unknown): string | undefined {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
  return undefined;
}

describe('a new order', () => {
  it('is opened when it costs something', () => {
    expect(openOrder(terms)).toEqual({ ...terms, state: 'opened' });
  });

  it('is confirmed at once when it is free', () => {
    expect(openOrder(freeTerms)).toEqual({
      ...freeTerms,
      state: 'confirmed',
      confirmedAt: terms.openedAt,
      transferId: null,
    });
  });

  it('has a payment window exactly when it costs something', () => {
    expect(() => openOrder({ ...terms, expiresAt: null })).toThrow(BrokenInvariant);
    expect(() => openOrder({ ...freeTerms, expiresAt: terms.expiresAt })).toThrow(BrokenInvariant);
  });
});

describe('money for an order', () => {
  it('confirms an opened one', () => {
    expect(fundOrder(opened, money, at('10:00:00'))).toEqual({ outcome: 'confirmed', order: confirmed });
  });

  it('confirms an order that is overdue but has not expired yet', () => {
    expect(fundOrder(opened, money, at('23:00:00')).outcome).toBe('confirmed');
  });

  it.each([confirmed, closed])('changes nothing the second time', (order) => {
    expect(fundOrder(order, money, at('10:30:00'))).toEqual({ outcome: 'repeated' });
  });

  it.each([cancelled, expired])('is released when the order has ended', (order) => {
    expect(fundOrder(order, money, at('12:00:00'))).toEqual({ outcome: 'released', order });
  });

  it('is a bug when it is another amount, another currency or a second reservation', () => {
    const now = at('10:00:00');
    expect(() => fundOrder(opened, { ...money, amountMinor: 1_499 }, now)).toThrow(BrokenInvariant);
    expect(() => fundOrder(opened, { ...money, currency: 'USD' }, now)).toThrow(BrokenInvariant);
    expect(() => fundOrder(closed, { ...money, transferId: 'transfer-2' }, now)).toThrow(BrokenInvariant);
  });
});

describe('a confirmed order', () => {
  it('completes itself unless its class requires approval', () => {
    expect(completesItself(confirmed)).toBe(true);
    expect(completesItself({ ...confirmed, approvalRequired: true })).toBe(false);
  });

  it('closes by approval', () => {
    expect(approveOrder(confirmed, at('10:00:00'))).toEqual(closed);
  });

  it('keeps its confirmation when it is cancelled', () => {
    const { state, confirmedAt, transferId, ...rest } = confirmed;
    expect(cancelOrder(confirmed, 'No.', at('10:30:00'))).toEqual({
      ...rest,
      state: 'cancelled',
      confirmation: { confirmedAt, transferId },
      endedAt: at('10:30:00'),
      endReason: 'No.',
    });
  });
});

describe('approval', () => {
  it.each(inEachState)('of an order that is %s', (state, order) => {
    const code = refusalCode(() => approveOrder(order, at('12:00:00')));
    expect(code).toBe(state === 'confirmed' ? undefined : 'ORDER_NOT_CONFIRMED');
  });
});

describe('cancelling', () => {
  it.each(inEachState)('an order that is %s', (state, order) => {
    const code = refusalCode(() => cancelOrder(order, 'No.', at('12:00:00')));
    expect(code).toBe(state === 'closed' || state === 'expired' ? 'ORDER_NOT_CANCELLABLE' : undefined);
  });

  it('a cancelled order leaves it as it is', () => {
    expect(cancelOrder(cancelled, 'Again.', at('12:00:00'))).toBe(cancelled);
  });
});

describe('expiry', () => {
  it.each([
    ['10:59:59.999', false],
    ['11:00:00', true],
    ['11:00:01', true],
  ])('of an order that waits until 11:00, at %s: %s', (time, expires) => {
    expect(expireOrder(opened, at(time)) !== null).toBe(expires);
  });

  it.each(inEachState)('long after, of an order that is %s', (state, order) => {
    expect(expireOrder(order, at('23:00:00')) !== null).toBe(state === 'opened');
  });
});

describe('settlement', () => {
  it('is recorded once', () => {
    const settled = settleOrder(closed, at('10:00:05'));
    expect(settled).toEqual({ ...closed, settledAt: at('10:00:05') });
    expect(settleOrder(settled as Order, at('10:00:09'))).toBeNull();
  });

  it.each([opened, confirmed, cancelled, expired])('of an order that is not closed is a bug', (order) => {
    expect(() => settleOrder(order, at('12:00:00'))).toThrow(BrokenInvariant);
  });
});

type Change = 'fund' | 'approve' | 'cancel' | 'expire' | 'settle';
const ways: Record<OrderState, readonly OrderState[]> = {
  opened: ['opened', 'confirmed', 'closed', 'cancelled', 'expired'],
  confirmed: ['confirmed', 'closed', 'cancelled'],
  closed: ['closed'],
  cancelled: ['cancelled'],
  expired: ['expired'],
};

/** The order after a change; a refusal or a bug leaves it as it was. */
function after(order: Order, change: Change, now: Temporal.Instant): Order {
  try {
    switch (change) {
      case 'fund': {
        const funded = fundOrder(order, money, now);
        if (funded.outcome !== 'confirmed') return order;
        return completesItself(funded.order) ? completeOrder(funded.order, now) : funded.order;
      }
      case 'approve':
        return approveOrder(order, now);
      case 'cancel':
        return cancelOrder(order, 'No.', now);
      case 'expire':
        return expireOrder(order, now) ?? order;
      case 'settle':
        return settleOrder(order, now) ?? order;
    }
  } catch (error) {
    if (error instanceof Refusal || error instanceof BrokenInvariant) return order;
    throw error;
  }
}

describe('any sequence of changes to an order', () => {
  const changes = fc.array(fc.constantFrom<Change>('fund', 'approve', 'cancel', 'expire', 'settle'), {
    maxLength: 12,
  });

  it('follows the allowed transitions, ends at most once, and keeps the terms', () => {
    fc.assert(
      fc.property(changes, fc.boolean(), (all, approvalRequired) => {
        let order: Order = openOrder({ ...terms, approvalRequired });
        all.forEach((change, minute) => {
          const next = after(order, change, terms.openedAt.add({ minutes: minute * 30 }));
          expect(ways[order.state]).toContain(next.state);
          if (order.state === 'cancelled' || order.state === 'expired') expect(next).toBe(order);
          expect(next).toMatchObject({ ...terms, approvalRequired });
          order = next;
        });
      }),
    );
  });
});
