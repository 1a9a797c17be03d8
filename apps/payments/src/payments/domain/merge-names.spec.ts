import { describe, expect, it } from '@jest/globals';
import { mergeNames, type NamedPayment, type NamingNotice } from './merge-names.js';

const payment: NamedPayment = {
  id: 'payment',
  provider: 'standard',
  reference: 'pay 1',
  amountMinor: 100,
  currency: 'EUR',
  personNamed: null,
  orderNamed: null,
};
const notice = (details: Partial<NamingNotice>): NamingNotice => {
  const { id: _, ...same } = payment;
  return { ...same, cause: { correlationId: 'test', traceparent: undefined }, ...details };
};

describe('a payment in suspense', () => {
  it('takes the person of one notice and the order of another', () => {
    const second = notice({ orderNamed: 'order' });
    expect(mergeNames([payment], [notice({ personNamed: 'asha' }), second])).toEqual([
      { id: 'payment', personNamed: 'asha', orderNamed: 'order', cause: second.cause },
    ]);
  });

  it('keeps the first name that it was given', () => {
    const merged = mergeNames(
      [payment],
      [notice({ personNamed: 'asha' }), notice({ personNamed: 'ravi', orderNamed: 'o' })],
    );
    expect(merged).toMatchObject([{ personNamed: 'asha', orderNamed: null }]);
  });

  it.each([
    ['that names nobody', {}],
    ['with another amount', { personNamed: 'asha', amountMinor: 101 }],
    ['with another currency', { personNamed: 'asha', currency: 'USD' }],
    ['of another payment', { personNamed: 'asha', reference: 'pay 2' }],
  ])('gets no name from a notice %s', (_, events) => {
    expect(mergeNames([payment], [notice(events)])).toEqual([]);
  });

  it('takes an order that stands in for a name, until a notice names one', () => {
    const standIn = notice({ orderNamed: 'cart', orderStandsIn: true });
    expect(mergeNames([payment], [standIn])).toMatchObject([{ orderNamed: 'cart', orderStandsIn: true }]);
    const [named] = mergeNames([payment], [standIn, notice({ orderNamed: 'order' }), standIn]);
    expect(named).toMatchObject({ orderNamed: 'order' });
    expect(named).not.toHaveProperty('orderStandsIn');
    const known = { ...payment, orderNamed: 'cart', orderStandsIn: true };
    expect(mergeNames([known], [standIn, notice({ orderNamed: 'order' })])).toMatchObject([{ orderNamed: 'order' }]);
    expect(mergeNames([known], [standIn])).toEqual([]);
    expect(mergeNames([known], [notice({ personNamed: 'asha' })])).toMatchObject([
      { personNamed: 'asha', orderNamed: 'cart', orderStandsIn: true },
    ]);
  });
});
