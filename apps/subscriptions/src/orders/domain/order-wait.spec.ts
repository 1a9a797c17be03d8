import { describe, expect, it } from '@jest/globals';
import { at, terms } from '../../../test/order-terms.js';
import { cancelOrder, completeOrder, expireOrder, fundOrder, type Order, openOrder } from './order.js';
import { waitOf } from './order-wait.js';

const opened = openOrder(terms);
const money = { orderId: terms.id, amountMinor: 1_500, currency: 'EUR', transferId: 't' };
const funded = fundOrder(opened, money, at('09:10:00'));
if (funded.outcome !== 'confirmed') throw new Error('it is not opened');
const confirmed = funded.order;
const closed = completeOrder(confirmed, at('09:11:00'));
const free = openOrder({ ...terms, amountMinor: 0, expiresAt: null });
if (free.state !== 'confirmed') throw new Error('nothing to pay is confirmed');

describe('an order waits', () => {
  it.each<[string, Order, ReturnType<typeof waitOf>]>([
    [
      'for its payment',
      opened,
      {
        for: 'payment',
        explanation: 'It waits for a payment of 15.00 EUR. It expires at 2026-03-02T11:00:00Z without it.',
      },
    ],
    [
      'for approval, once it is paid',
      confirmed,
      { for: 'approval', explanation: 'The money is there, and an admin has to approve the order.' },
    ],
    [
      'for approval, where it is free',
      free,
      { for: 'approval', explanation: 'There is nothing to pay, and an admin has to approve the order.' },
    ],
    [
      'for settlement',
      closed,
      {
        for: 'settlement',
        explanation: 'The order is complete. Its reserved money is on its way to the account of the class.',
      },
    ],
    ['for nothing once it is settled', { ...closed, settledAt: at('09:12:00') }, null],
    ['for nothing where a free order is closed', completeOrder(free, at('09:00:00')), null],
    ['for nothing once it is cancelled', cancelOrder(confirmed, 'No.', at('09:20:00')), null],
    ['for nothing once it has expired', expireOrder(opened, at('11:00:00')) as Order, null],
  ])('%s', (_, order, expected) => {
    expect(waitOf(order)).toEqual(expected);
  });
});
