import { describe, expect, it } from '@jest/globals';
import { at, cause, notice, refund } from '../../test/ledger-fixture.js';
import { assignPayments, dismissPayments, openReceivables } from '../../test/movements.js';
import { OnePerson, reinstated } from '../../test/one-person.js';

const one = OnePerson.inEachTest();

describe('a refund of money in suspense', () => {
  const lost = (amountMinor: number) => notice({ personNamed: 'unknown', amountMinor });
  const assign = (paymentId: string) =>
    assignPayments(one.ledger.sql, [{ paymentId, personId: one.personId, assignedBy: 'admin', cause }], at);
  const suspense = () => one.ledger.balance('suspense', 'unmatched');

  it('debits suspense, and the rest is assigned', async () => {
    const before = await suspense();
    const payment = lost(1_000);
    const [paymentId] = await one.pay(payment);
    await one.ledger.published();
    const refunded = refund(payment, { amountMinor: 300 });
    expect(await one.record(refunded)).toEqual(['applied']);
    expect(await suspense()).toBe(before + 700);
    expect((await one.ledger.published())[0]?.data).toMatchObject({
      person_id: null,
      account_version: null,
      covered_minor: 300,
      owed_minor: 0,
      orders: [],
    });
    await assign(paymentId as string);
    expect([await suspense(), await one.standing()]).toEqual([before, [700, 0, 0]]);
    await one.record(reinstated(refunded));
    expect([await suspense(), await one.standing()]).toEqual([before, [1_000, 0, 0]]);
  });

  it('that leaves nothing moves nothing when the payment finds its person, until it is reinstated', async () => {
    const before = await suspense();
    const payment = lost(1_000);
    const [paymentId] = await one.pay(payment);
    const refunded = refund(payment);
    await one.record(refunded);
    await assign(paymentId as string);
    expect([await suspense(), await one.standing()]).toEqual([before, [0, 0, 0]]);
    expect(await one.record(refund(payment, { amountMinor: 1 }))).toEqual(['applied']);
    await one.record(reinstated(refunded));
    // What was beyond the payment is within it now.
    expect([await suspense(), await one.standing()]).toEqual([before, [999, 0, 0]]);
  });

  it('that was dismissed debits the account of foreign money, and comes back there', async () => {
    const foreign = () => one.ledger.balance('foreign_money', 'dismissed');
    const [before, suspended] = [await foreign(), await suspense()];
    const payment = lost(1_000);
    const [paymentId] = await one.pay(payment);
    const [first, second] = [refund(payment, { amountMinor: 300 }), refund(payment, { amountMinor: 200 })];
    await one.record(first);
    const dismissal = { paymentId: paymentId as string, dismissedBy: 'admin', note: 'not ours' };
    await dismissPayments(one.ledger.sql, [dismissal, dismissal], at);
    await dismissPayments(one.ledger.sql, [dismissal], at);
    await one.record(second);
    expect([await foreign(), await suspense()]).toEqual([before + 500, suspended]);
    await one.record(reinstated(first));
    expect([await foreign(), await suspense()]).toEqual([before + 800, suspended]);
    await assign(paymentId as string);
    expect([await foreign(), await suspense(), await one.standing()]).toEqual([before, suspended, [800, 0, 0]]);
  });

  it('that is reinstated credits suspense again', async () => {
    const before = await suspense();
    const payment = lost(1_000);
    await one.pay(payment);
    const refunded = refund(payment);
    await one.record(refunded);
    await one.record(reinstated(refunded));
    expect(await suspense()).toBe(before + 1_000);
  });

  it('leaves the rest to the order that the payment named', async () => {
    const mine = one.opened(600);
    const payment = notice({ orderNamed: mine.orderId, amountMinor: 1_000 });
    await one.record(refund(payment, { amountMinor: 400 }));
    await one.pay(payment);
    await openReceivables(one.ledger.sql, [mine], at);
    expect(await one.ledger.receivableState(mine.orderId)).toBe('reserved');
    expect(await one.standing()).toEqual([0, 600, 0]);
  });
});
