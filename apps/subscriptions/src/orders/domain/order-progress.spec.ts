import { describe, expect, it } from '@jest/globals';
import { at, terms } from '../../../test/order-terms.js';
import { cancelOrder, completeOrder, expireOrder, fundOrder, type Order, openOrder } from './order.js';
import { progressOf } from './order-progress.js';

function confirmedOf(order: Order) {
  const money = { orderId: order.id, amountMinor: 1_500, currency: 'EUR', transferId: 't' };
  const funded = fundOrder(order, money, at('09:10:00'));
  if (funded.outcome !== 'confirmed') throw new Error('it is not opened');
  return funded.order;
}

const opened = openOrder(terms);
const confirmed = confirmedOf(opened);
const closed = completeOrder(confirmed, at('09:11:00'));
const freeConfirmed = openOrder({ ...terms, amountMinor: 0, expiresAt: null });
if (freeConfirmed.state !== 'confirmed') throw new Error('nothing to pay is confirmed');

describe('the progress of an order', () => {
  it.each<[string, Order, string[], boolean]>([
    ['that waits for money', opened, ['opened 09:00'], false],
    ['that waits for approval', confirmed, ['opened 09:00', 'confirmed 09:10'], false],
    ['that waits for settlement', closed, ['opened 09:00', 'confirmed 09:10', 'closed 09:11'], false],
    [
      'that is settled',
      { ...closed, settledAt: at('09:12:00') },
      ['opened 09:00', 'confirmed 09:10', 'closed 09:11', 'settled 09:12'],
      true,
    ],
    [
      'of a free order',
      completeOrder(freeConfirmed, at('09:00:00')),
      ['opened 09:00', 'confirmed 09:00', 'closed 09:00'],
      true,
    ],
    [
      'cancelled before its money',
      cancelOrder(opened, 'No.', at('09:20:00')),
      ['opened 09:00', 'cancelled 09:20'],
      true,
    ],
    [
      'cancelled before its approval',
      cancelOrder(confirmed, 'No.', at('09:20:00')),
      ['opened 09:00', 'confirmed 09:10', 'cancelled 09:20'],
      true,
    ],
    ['that expired', expireOrder(opened, at('11:00:00')) as Order, ['opened 09:00', 'expired 11:00'], true],
  ])('%s', (_, order, expected, finished) => {
    const progress = progressOf(order);
    expect(progress.steps.map(({ name, at }) => `${name} ${at.toString().slice(11, 16)}`)).toEqual(expected);
    expect(progress.finished).toBe(finished);
  });

  it('explains that a free order needs no payment', () => {
    expect(progressOf(freeConfirmed).steps[1]?.description).toBe('There is nothing to pay.');
    expect(progressOf(confirmed).steps[1]?.description).toBe('The money is there.');
  });
});
