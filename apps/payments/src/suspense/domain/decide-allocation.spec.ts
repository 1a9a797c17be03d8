import { describe, expect, it } from '@jest/globals';
import { decideAllocation, type UnmatchedPayment } from './decide-allocation.js';

const cause = { correlationId: 'test', traceparent: undefined };
const payment = (id: string, refundedMinor = 0): UnmatchedPayment => ({
  id,
  amountMinor: 100,
  currency: 'EUR',
  refundedMinor,
  extrasMinor: 0,
  orderId: null,
});
const match = (paymentId: string, personId: string) => ({ paymentId, personId, cause });
let last = 0;
const nextId = () => String(++last);

describe('an allocation', () => {
  it('moves what was not refunded from suspense to the person', () => {
    const { postings, allocated } = decideAllocation([match('p', 'asha')], [payment('p', 30)], nextId);
    expect(postings).toMatchObject([
      { debit: { kind: 'suspense' }, credit: { kind: 'person', owner: 'asha' }, amountMinor: 70, paymentId: 'p' },
    ]);
    const brought = { personId: 'asha', currency: 'EUR', orderId: null, paymentId: 'p', amountMinor: 70, cause };
    expect(allocated).toEqual([brought]);
  });

  it('gives a payment to the order that an admin assigns, and not to the one that it names', () => {
    const assigned = { ...match('p', 'asha'), assignedOrderId: 'theirs' };
    const { postings, allocated } = decideAllocation([assigned], [{ ...payment('p'), orderId: 'named' }], nextId);
    expect([...postings, ...allocated].map(({ orderId }) => orderId)).toEqual(['theirs', 'theirs']);
  });

  it('leaves out what is tax, shipping or a tip', () => {
    const { postings } = decideAllocation([match('p', 'asha')], [{ ...payment('p', 30), extrasMinor: 20 }], nextId);
    expect(postings).toMatchObject([{ amountMinor: 50 }]);
  });

  it('of a payment that was refunded whole names its person and moves nothing', () => {
    const { matches, postings, allocated } = decideAllocation([match('p', 'asha')], [payment('p', 100)], nextId);
    expect([matches.length, postings, allocated]).toEqual([1, [], []]);
  });

  it('follows the first match of a payment, and leaves payments alone that left suspense before', () => {
    const matches = [match('p', 'asha'), match('p', 'ravi'), match('gone', 'ravi')];
    expect(decideAllocation(matches, [payment('p')], nextId).matches).toEqual([matches[0]]);
  });
});
