import { describe, expect, it } from '@jest/globals';
import { paymentRegistered } from '#contracts/payments/payments.js';
import { at, order } from '../../../test/ledger-fixture.js';
import { openReceivables, settleReceivables, withdrawReceivables } from '../../../test/movements.js';
import { OnePerson } from '../../../test/one-person.js';

/** What a person does not pay is what a bank kept for the transfer: a few cents. */
describe('an order that is short by at most its tolerance', () => {
  const one = OnePerson.inEachTest();
  const tolerant = (amountMinor: number, toleranceMinor: number) =>
    order({ personId: one.personId, amountMinor, toleranceMinor });
  const open = (...orders: ReturnType<typeof order>[]) => openReceivables(one.ledger.sql, orders, at);
  const state = ({ orderId }: ReturnType<typeof order>) => one.ledger.receivableState(orderId);
  const expense = () => one.ledger.balance('write_off', 'shortfalls');

  it('is funded whole, and the difference stands on the expense account under its own name', async () => {
    const before = await expense();
    const [wanted] = [tolerant(5_000, 2)];
    await open(wanted);
    await one.pay(one.paid(4_998, { orderNamed: wanted.orderId }));
    expect([await state(wanted), await one.standing()]).toEqual(['reserved', [0, 5_000, 0]]);
    const events = await one.ledger.published();
    const funded = events.flatMap(({ data }) => paymentRegistered.data.parse(data).funded_orders);
    expect(funded).toEqual([{ order_id: wanted.orderId, amount_minor: 5_000, transfer_id: expect.any(String) }]);
    await settleReceivables(one.ledger.sql, [wanted], at);
    expect([await state(wanted), (await expense()) - before]).toEqual(['settled', -2]);
    expect(await one.statement()).toEqual([
      { movement: 'register-payment', amount: 4_998, balance: 4_998 },
      { movement: 'write-off', amount: 2, balance: 5_000 },
      { movement: 'reserve', amount: -5_000, balance: 0 },
    ]);
    expect(await one.ledger.balance('class', wanted.classId)).toBe(5_000);
  });

  it('waits when it is short by more', async () => {
    const before = await expense();
    const wanted = tolerant(5_000, 2);
    await open(wanted);
    await one.pay(one.paid(4_997, { orderNamed: wanted.orderId }));
    expect([await state(wanted), await one.standing(), await expense()]).toEqual(['open', [4_997, 0, 0], before]);
  });

  it('is funded by money that was there before, and by a last part', async () => {
    await one.pay(one.paid(4_999));
    const [first, second] = [tolerant(5_000, 1), tolerant(3_000, 50)];
    await open(first, second);
    expect([await state(first), await state(second), await one.standing()]).toEqual([
      'reserved',
      'open',
      [0, 5_000, 0],
    ]);
    await one.pay(one.paid(2_000), one.paid(960));
    expect([await state(second), await one.standing()]).toEqual(['reserved', [0, 8_000, 0]]);
  });

  it('leaves nothing for the orders behind it, and takes nothing that covers an older one', async () => {
    const [older, named, younger] = [tolerant(1_000, 0), tolerant(2_000, 100), tolerant(10, 5)];
    await open(older, named, younger);
    await one.pay(one.paid(1_950, { orderNamed: named.orderId }));
    expect([await state(older), await state(named), await state(younger)]).toEqual(['open', 'reserved', 'open']);
    expect(await one.standing()).toEqual([0, 2_000, 0]);
  });

  it('gives back what was written off when it is cancelled, so that nobody gains by it', async () => {
    const before = await expense();
    const wanted = tolerant(5_000, 2);
    await open(wanted);
    await one.pay(one.paid(4_998, { orderNamed: wanted.orderId }));
    for (let turn = 0; turn < 2; turn += 1) {
      await withdrawReceivables(one.ledger.sql, [{ ...wanted, reason: 'changed my mind' }], at);
      expect([await state(wanted), await one.standing()]).toEqual(['withdrawn', [4_998, 0, 0]]);
      expect(await expense()).toBe(before);
    }
    expect((await one.statement()).map(({ movement, amount }) => [movement, amount])).toEqual([
      ['register-payment', 4_998],
      ['write-off', 2],
      ['reverse-write-off', -2],
    ]);
  });
});
