import { describe, expect, it } from '@jest/globals';
import { paymentDisputed, paymentRefunded } from '#contracts/payments/payments.js';
import { at, bonus, cause, notice, refund } from '../../test/ledger-fixture.js';
import {
  assignPayments,
  grantBonuses,
  openReceivables,
  settleReceivables,
  withdrawReceivables,
} from '../../test/movements.js';
import { OnePerson, reinstated } from '../../test/one-person.js';

const one = OnePerson.inEachTest();

describe('a refund of money that was spent', () => {
  it('is owed, and the next money repays it before it funds anything', async () => {
    const mine = one.opened(800);
    await openReceivables(one.ledger.sql, [mine], at);
    const payment = one.paid(1_000);
    await one.pay(payment);
    await settleReceivables(one.ledger.sql, [mine], at);
    await one.ledger.published();
    await one.record(refund(payment));
    expect(await one.standing()).toEqual([0, 0, 800]);
    expect((await one.ledger.published())[0]?.data).toMatchObject({ covered_minor: 200, owed_minor: 800, orders: [] });

    const next = one.opened(500);
    await openReceivables(one.ledger.sql, [next], at);
    await one.pay(one.paid(300));
    expect(await one.standing()).toEqual([0, 0, 500]);
    await one.ledger.published();
    await one.pay(one.paid(900));
    expect(await one.ledger.receivableState(next.orderId)).toBe('open');
    await one.pay(one.paid(200));
    expect(await one.ledger.receivableState(next.orderId)).toBe('reserved');
    expect(await one.standing()).toEqual([100, 500, 0]);
    expect(await one.statement()).toEqual([
      { movement: 'register-payment', amount: 1_000, balance: 1_000 },
      { movement: 'reserve', amount: -800, balance: 200 },
      { movement: 'raise-debt', amount: 800, balance: 1_000 },
      { movement: 'refund-payment', amount: -1_000, balance: 0 },
      { movement: 'register-payment', amount: 300, balance: 300 },
      { movement: 'repay-debt', amount: -300, balance: 0 },
      { movement: 'register-payment', amount: 900, balance: 900 },
      { movement: 'repay-debt', amount: -500, balance: 400 },
      { movement: 'register-payment', amount: 200, balance: 600 },
    ]);
    expect((await one.ledger.published()).map(({ data }) => data.account_version)).toEqual([7, 9]);
  });

  it('is repaid by each movement that raises what the person can spend', async () => {
    const [spent, other] = [one.opened(1_000), one.opened(300)];
    await openReceivables(one.ledger.sql, [spent], at);
    const payment = one.paid(1_000);
    await one.pay(payment);
    await settleReceivables(one.ledger.sql, [spent], at);
    await one.pay(one.paid(300));
    await openReceivables(one.ledger.sql, [other], at);
    const refunded = refund(payment);
    await one.record(refunded);
    expect(await one.standing()).toEqual([0, 300, 1_000]);
    await withdrawReceivables(one.ledger.sql, [other], at);
    expect(await one.standing()).toEqual([0, 0, 700]);
    await grantBonuses(one.ledger.sql, [bonus({ personId: one.personId, amountMinor: 200 })], at);
    expect(await one.standing()).toEqual([0, 0, 500]);
    const late = notice({ personNamed: 'unknown', amountMinor: 100 });
    const [paymentId] = await one.pay(late);
    const assignment = { paymentId: paymentId as string, personId: one.personId, assignedBy: 'admin', cause };
    await assignPayments(one.ledger.sql, [assignment], at);
    expect(await one.standing()).toEqual([0, 0, 400]);
    await one.record(reinstated(refunded));
    expect(await one.standing()).toEqual([600, 0, 0]);
  });

  it('is owed by several refunds of a set together, and none debits what is reserved', async () => {
    const mine = one.opened(600);
    const [first, second] = [one.paid(500), one.paid(500)];
    await openReceivables(one.ledger.sql, [mine], at);
    await one.pay(first, second);
    await one.ledger.published();
    await one.record(refund(first), refund(second), refund(one.paid(5)));
    expect(await one.standing()).toEqual([0, 600, 600]);
    const events = await one.ledger.published();
    const sum = (member: string) => events.reduce((total, { data }) => total + Number(data[member]), 0);
    expect([sum('covered_minor'), sum('owed_minor')]).toEqual([400, 600]);
    expect(events.map(({ data }) => data.account_version).sort()).toEqual([
      (await one.version()) - 1,
      await one.version(),
    ]);
  });

  it('names the unfinished orders that have to give way, the newest first, and no more than are needed', async () => {
    const [oldest, older, newest] = [one.opened(100), one.opened(100), one.opened(100)];
    await openReceivables(one.ledger.sql, [oldest], at);
    const payment = one.paid(300);
    await one.pay(payment);
    await openReceivables(one.ledger.sql, [older], at);
    await openReceivables(one.ledger.sql, [newest], at.add({ seconds: 1 }));
    expect(await one.standing()).toEqual([0, 300, 0]);
    await one.ledger.published();
    const named = async () =>
      (await one.ledger.published()).map(({ data }) =>
        paymentRefunded.data.parse(data).orders.map(({ order_id }) => order_id),
      );
    // Orders that this payment covered come first, then those that money on the account covered.
    await one.record(refund(payment, { amountMinor: 50 }));
    expect(await named()).toEqual([[oldest.orderId]]);
    await one.record(refund(payment, { amountMinor: 100 }));
    expect(await named()).toEqual([[oldest.orderId, newest.orderId]]);
    await withdrawReceivables(one.ledger.sql, [oldest, newest], at);
    expect(await one.standing()).toEqual([50, 100, 0]);
  });

  it('names no order that another payment covered', async () => {
    const [first, second] = [one.opened(500), one.opened(400)];
    await openReceivables(one.ledger.sql, [first], at);
    const payment = one.paid(500);
    await one.pay(payment);
    await settleReceivables(one.ledger.sql, [first], at);
    await openReceivables(one.ledger.sql, [second], at);
    await one.pay(one.paid(400));
    await one.ledger.published();
    await one.record(refund(payment, { kind: 'dispute' }));
    const [event] = await one.ledger.published();
    expect(event?.type).toBe(paymentDisputed.type);
    expect(paymentDisputed.data.parse(event?.data)).toMatchObject({ owed_minor: 500, orders: [] });
    expect(await one.standing()).toEqual([0, 400, 500]);
  });

  it('leaves the debt when the order closes after it', async () => {
    const mine = one.opened(500);
    await openReceivables(one.ledger.sql, [mine], at);
    const payment = one.paid(500);
    await one.pay(payment);
    await one.record(refund(payment));
    await settleReceivables(one.ledger.sql, [mine], at);
    expect(await one.standing()).toEqual([0, 0, 500]);
    expect(await one.ledger.balance('class', mine.classId)).toBe(500);
  });

  it('never makes a debt negative', async () => {
    const overpaid = one.ledger.sql.query(`update account set credits_posted = debits_posted + 1 where kind = 'debt'`);
    await expect(overpaid).rejects.toThrow('account_debt_never_overpaid');
  });
});
