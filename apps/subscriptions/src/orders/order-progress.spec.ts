import { describe, expect, it } from '@jest/globals';
import { cancelOrder, completeOrder, expireOrder, fundOrder, type Order, type OrderTerms, openOrder } from './order.js';
import { progressOf } from './order-progress.js';

const at = (time: string) => Temporal.Instant.from(`2026-03-02T${time}Z`);

const terms: OrderTerms = {
  id: '0198c0de-0000-7000-8000-000000000001',
  personId: '0198c0de-0000-7000-8000-000000000002',
  classId: '0198c0de-0000-7000-8000-000000000003',
  ruleId: '0198c0de-0000-7000-8000-000000000004',
  ruleVersion: 1,
  parameters: {},
  trace: [],
  discounts: [],
  amountMinor: 1_500,
  currency: 'EUR',
  startDate: Temporal.PlainDate.from('2026-03-02'),
  endDate: null,
  approvalRequired: false,
  openedAt: at('09:00:00'),
  expiresAt: at('11:00:00'),
};

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
      'of nothing',
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

  it('says why there was no money to wait for', () => {
    expect(progressOf(freeConfirmed).steps[1]?.says).toBe('There is nothing to pay.');
    expect(progressOf(confirmed).steps[1]?.says).toBe('The money is there.');
  });
});
