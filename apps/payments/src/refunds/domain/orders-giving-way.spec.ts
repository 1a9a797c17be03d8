import { describe, expect, it } from '@jest/globals';
import type { Reservation } from '../../receivables/domain/reservation.js';
import { ordersGivingWay } from './orders-giving-way.js';
import type { RefundMove } from './refund-book.js';

const move = (owedMinor: number) => ({ owedMinor, payment: { id: 'payment' } }) as RefundMove;
const reserved = (orderId: string, paymentId: string | null): Reservation => ({
  transferId: `transfer of ${orderId}`,
  orderId,
  amountMinor: 100,
  paymentId,
});
/** The newest first. */
const reservations = [
  reserved('by another payment', 'other'),
  reserved('newest', null),
  reserved('older', null),
  reserved('by this payment', 'payment'),
];
const named = (owedMinor: number, inAllMinor: number) =>
  ordersGivingWay(move(owedMinor), reservations, inAllMinor).map(({ orderId }) => orderId);

describe('the orders that give way for a refund', () => {
  it('are none when nothing is owed', () => {
    expect(named(0, 500)).toEqual([]);
  });

  it('are those that the payment covered, then the newest, until they cover what is owed in all', () => {
    expect(named(50, 50)).toEqual(['by this payment']);
    expect(named(50, 100)).toEqual(['by this payment']);
    expect(named(50, 101)).toEqual(['by this payment', 'newest']);
  });

  it('never are those that another payment covered', () => {
    expect(named(900, 900)).toEqual(['by this payment', 'newest', 'older']);
  });
});
