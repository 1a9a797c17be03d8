import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { creditApplied, paymentDisputed, paymentRefunded, paymentRegistered } from '#contracts/payments.js';
import { newId } from '#kernel/ids.js';
import { at, bonus, cause, type Ledger, notice, openLedger, order, refund } from '../../test/ledger-fixture.js';
import {
  admitPersons,
  assignPayments,
  grantBonuses,
  openReceivables,
  recordRefunds,
  registerPayments,
  settleReceivables,
  withdrawReceivables,
} from '../../test/movements.js';
import type { PaymentNotice } from '../payments/domain/payment-notice.js';
import type { RefundNotice } from './domain/refund-notice.js';

let ledger: Ledger;
let personId: string;

beforeAll(async () => {
  ledger = await openLedger();
});

beforeEach(async () => {
  personId = newId();
  await admitPersons(ledger.sql, [{ personId, cause }], at);
  await ledger.told();
});

afterAll(async () => {
  expect(await ledger.violations()).toEqual([]);
  await ledger.close();
});

const paid = (amountMinor: number, events: Partial<PaymentNotice> = {}) =>
  notice({ personNamed: personId, amountMinor, ...events });
const pay = async (...notices: PaymentNotice[]) => {
  const answers = await registerPayments(ledger.sql, notices, at);
  return answers.map(({ paymentId }) => paymentId);
};
const opened = (amountMinor: number) => order({ personId, amountMinor });
const tell = async (...notices: RefundNotice[]) => {
  const answers = await recordRefunds(ledger.sql, notices, at);
  return answers.map(({ verdict, reason }) => reason ?? verdict);
};
const back = (one: RefundNotice): RefundNotice => ({ ...one, reinstated: true });
/** What the person has free, what is reserved, and what they owe. */
const standing = async () => [
  await ledger.available(personId),
  await ledger.reserved(personId),
  await ledger.owed(personId),
];
const statement = () =>
  ledger.sql.query<{ movement: string; amount: number; balance: number }>(
    `select t.movement, e.amount_minor as amount, e.balance_after_minor as balance
     from entry e join transfer t on t.id = e.transfer_id join account a on a.id = e.account_id
     where a.owner = $1 and a.kind = 'person' order by e.version`,
    [personId],
  );
const version = async () => {
  const [row] = await ledger.sql.query<{ version: number }>(
    `select version from account where owner = $1 and kind = 'person' and currency = 'EUR'`,
    [personId],
  );
  return row?.version;
};

describe('a refund', () => {
  it('takes the money from the person it was credited to, once, however often it is told', async () => {
    const payment = paid(1_000);
    const [paymentId] = await pay(payment);
    await ledger.told();
    const refunded = refund(payment, { amountMinor: 400 });
    expect(await tell(refunded, refunded)).toEqual(['applied', 'duplicate']);
    expect((await Promise.all([tell(refunded), tell(refunded), tell(refunded)])).flat()).toEqual(
      Array(3).fill('duplicate'),
    );
    expect(await standing()).toEqual([600, 0, 0]);
    expect(await ledger.balance('provider_clearing', 'cash')).toBeLessThan(0);
    const [told, ...more] = await ledger.told();
    expect([told?.type, more]).toEqual([paymentRefunded.type, []]);
    expect(paymentRefunded.data.parse(told?.data)).toEqual({
      refund_id: expect.any(String),
      reference: refunded.reference,
      payment_id: paymentId,
      provider: 'cash',
      person_id: personId,
      amount_minor: 400,
      currency: 'EUR',
      state: 'applied',
      covered_minor: 400,
      owed_minor: 0,
      account_version: await version(),
      orders: [],
      recorded_at: at.toString({ smallestUnit: 'microsecond' }),
    });
    const [transfer] = await ledger.sql.query(
      `select movement, correction_of, payment_id, amount_minor from transfer where source_key like 'refund/%'
       and payment_id = $1`,
      [paymentId],
    );
    expect(transfer).toEqual({
      movement: 'refund-payment',
      correction_of: paymentId,
      payment_id: paymentId,
      amount_minor: 400,
    });
  });

  it('told by several at once is one', async () => {
    const payment = paid(1_000);
    await pay(payment);
    const refunded = refund(payment);
    const answers = await Promise.all(Array.from({ length: 8 }, () => tell(refunded)));
    expect(answers.flat().sort()).toEqual(['applied', ...Array(7).fill('duplicate')]);
    expect(await standing()).toEqual([0, 0, 0]);
  });

  it('comes in parts, up to the payment and no further', async () => {
    const payment = paid(1_000);
    await pay(payment);
    const parts = [300, 700, 1].map((amountMinor) => refund(payment, { amountMinor }));
    expect(await tell(...parts)).toEqual(['applied', 'applied', 'REFUND_EXCEEDS_PAYMENT']);
    expect(await tell(...parts)).toEqual(['duplicate', 'duplicate', 'REFUND_EXCEEDS_PAYMENT']);
    expect(await standing()).toEqual([0, 0, 0]);
  });

  it('that is too much does not stand in the way of one that fits', async () => {
    const payment = paid(1_000);
    await pay(payment);
    const parts = [800, 300, 200].map((amountMinor) => refund(payment, { amountMinor }));
    expect(await tell(...parts)).toEqual(['applied', 'REFUND_EXCEEDS_PAYMENT', 'applied']);
    expect(await standing()).toEqual([0, 0, 0]);
  });

  it('that was too much is taken when another one comes back', async () => {
    const payment = paid(1_000);
    await pay(payment);
    const [failing, disputed] = [refund(payment), refund(payment, { kind: 'dispute' })];
    expect(await tell(failing, disputed)).toEqual(['applied', 'REFUND_EXCEEDS_PAYMENT']);
    await ledger.told();
    expect(await tell(back(failing))).toEqual(['applied']);
    expect(await standing()).toEqual([0, 0, 0]);
    expect((await ledger.told()).map(({ type, data }) => [type, data.state])).toEqual([
      [paymentRefunded.type, 'reinstated'],
      [paymentDisputed.type, 'applied'],
    ]);
    expect(await tell(disputed)).toEqual(['duplicate']);
  });

  it.each([
    ['amount', { amountMinor: 401 }],
    ['currency', { currency: 'USD' }],
    ['payment', { paymentReference: 'another' }],
  ])('told again with another %s changes nothing', async (_, other) => {
    const payment = paid(1_000);
    await pay(payment);
    const refunded = refund(payment, { amountMinor: 400 });
    const changed = { ...refunded, ...other };
    expect(await tell(refunded, changed)).toEqual(['applied', 'REFUND_REUSED']);
    expect(await tell(changed, back(changed), refunded)).toEqual(['REFUND_REUSED', 'REFUND_REUSED', 'duplicate']);
    expect(await standing()).toEqual([600, 0, 0]);
  });

  it('in another currency than the payment changes nothing', async () => {
    const payment = paid(1_000);
    await pay(payment, { ...paid(1_000), currency: 'USD' });
    expect(await tell(refund(payment, { currency: 'USD' }))).toEqual(['REFUND_CURRENCY_DIFFERS']);
    expect([await ledger.available(personId), await ledger.available(personId, 'USD')]).toEqual([1_000, 1_000]);
  });

  it('and a dispute may have the same id, and two providers too', async () => {
    const [first, second] = [paid(1_000), paid(1_000, { provider: 'bank_transfer' })];
    await pay(first, second);
    const one = refund(first, { amountMinor: 100 });
    const alike = { ...refund(second, { amountMinor: 100 }), reference: one.reference };
    expect(await tell(one, { ...one, kind: 'dispute' }, alike)).toEqual(['applied', 'applied', 'applied']);
    expect(await standing()).toEqual([1_700, 0, 0]);
  });
});

describe('a return that comes back', () => {
  it('credits the person again, once', async () => {
    const payment = paid(1_000);
    await pay(payment);
    const refunded = refund(payment);
    await tell(refunded);
    await ledger.told();
    expect(await tell(back(refunded), back(refunded))).toEqual(['applied', 'duplicate']);
    expect(await tell(back(refunded), refunded)).toEqual(['duplicate', 'duplicate']);
    expect(await standing()).toEqual([1_000, 0, 0]);
    expect((await ledger.told()).map(({ data }) => [data.state, data.covered_minor, data.account_version])).toEqual([
      ['reinstated', 0, await version()],
    ]);
    expect(await tell(refund(payment))).toEqual(['applied']);
  });

  it('before it was heard of moves nothing, nor when it is heard of later', async () => {
    const payment = paid(1_000);
    await pay(payment);
    await ledger.told();
    const won = refund(payment, { kind: 'dispute' });
    expect(await tell(back(won))).toEqual(['applied']);
    expect(await tell(won)).toEqual(['duplicate']);
    const both = refund(payment);
    expect(await tell(both, back(both))).toEqual(['applied', 'applied']);
    const other = refund(payment);
    expect(await tell(back(other), other)).toEqual(['applied', 'duplicate']);
    expect(await standing()).toEqual([1_000, 0, 0]);
    expect(await ledger.told()).toEqual([]);
  });

  it('funds what waits', async () => {
    const payment = paid(500);
    await pay(payment);
    const refunded = refund(payment);
    await tell(refunded);
    const mine = opened(500);
    await openReceivables(ledger.sql, [mine], at);
    await ledger.told();
    await tell(back(refunded));
    expect(await standing()).toEqual([0, 500, 0]);
    expect((await ledger.told()).map(({ type }) => type)).toEqual([paymentRefunded.type, creditApplied.type]);
  });
});

describe('a return before its payment', () => {
  it('is taken when the payment comes, before it pays anything', async () => {
    const mine = opened(700);
    await openReceivables(ledger.sql, [mine], at);
    const [payment, neighbour] = [paid(1_000, { orderNamed: mine.orderId }), paid(50)];
    expect(await tell(refund(payment, { amountMinor: 400 }))).toEqual(['applied']);
    expect(await ledger.told()).toEqual([]);
    await pay(neighbour, payment);
    expect(await standing()).toEqual([650, 0, 0]);
    expect(await ledger.receivableState(mine.orderId)).toBe('open');
    const told = await ledger.told();
    expect(told.map(({ type }) => type)).toEqual([
      paymentRegistered.type,
      paymentRegistered.type,
      paymentRefunded.type,
    ]);
    expect(told.map(({ data }) => data.account_version)).toEqual([1, 2, 3]);
  });

  it('that came back before the payment, too, leaves it alone', async () => {
    const payment = paid(1_000);
    const refunded = refund(payment);
    expect([await tell(refunded), await tell(back(refunded))]).toEqual([['applied'], ['applied']]);
    await pay(payment);
    expect(await standing()).toEqual([1_000, 0, 0]);
  });

  it('of which several wait are taken as they fit, in the order in which they were heard of', async () => {
    const payment = paid(1_000);
    const parts = [600, 500, 300].map((amountMinor) => refund(payment, { amountMinor }));
    for (const part of parts) await tell(part);
    await tell(refund(payment, { currency: 'USD', amountMinor: 1 }));
    await pay(payment);
    expect(await standing()).toEqual([100, 0, 0]);
    expect(await tell(...parts)).toEqual(['duplicate', 'REFUND_EXCEEDS_PAYMENT', 'duplicate']);
  });

  it('racing its payment is taken once, whoever is first', async () => {
    for (let round = 0; round < 10; round += 1) {
      const payment = paid(100);
      await Promise.all([pay(payment), tell(refund(payment))]);
    }
    expect(await standing()).toEqual([0, 0, 0]);
  });
});

describe('a return of money in suspense', () => {
  const lost = (amountMinor: number) => notice({ personNamed: 'whoever', amountMinor });
  const assign = (paymentId: string) =>
    assignPayments(ledger.sql, [{ paymentId, personId, assignedBy: 'admin', cause }], at);
  const suspense = () => ledger.balance('suspense', 'unmatched');

  it('is taken from there, and the rest is assigned', async () => {
    const before = await suspense();
    const payment = lost(1_000);
    const [paymentId] = await pay(payment);
    await ledger.told();
    const refunded = refund(payment, { amountMinor: 300 });
    expect(await tell(refunded)).toEqual(['applied']);
    expect(await suspense()).toBe(before + 700);
    expect((await ledger.told())[0]?.data).toMatchObject({
      person_id: null,
      account_version: null,
      covered_minor: 300,
      owed_minor: 0,
      orders: [],
    });
    await assign(paymentId as string);
    expect([await suspense(), await standing()]).toEqual([before, [700, 0, 0]]);
    await tell(back(refunded));
    expect([await suspense(), await standing()]).toEqual([before, [1_000, 0, 0]]);
  });

  it('that leaves nothing moves nothing when the payment finds its person, until it comes back', async () => {
    const before = await suspense();
    const payment = lost(1_000);
    const [paymentId] = await pay(payment);
    const refunded = refund(payment);
    await tell(refunded);
    await assign(paymentId as string);
    expect([await suspense(), await standing()]).toEqual([before, [0, 0, 0]]);
    expect(await tell(refund(payment, { amountMinor: 1 }))).toEqual(['REFUND_EXCEEDS_PAYMENT']);
    await tell(back(refunded));
    // The one that was too much before fits now.
    expect([await suspense(), await standing()]).toEqual([before, [999, 0, 0]]);
  });

  it('that comes back goes to suspense again', async () => {
    const before = await suspense();
    const payment = lost(1_000);
    await pay(payment);
    const refunded = refund(payment);
    await tell(refunded);
    await tell(back(refunded));
    expect(await suspense()).toBe(before + 1_000);
  });

  it('leaves the rest to the order that the payment waits for', async () => {
    const mine = opened(600);
    const payment = notice({ orderNamed: mine.orderId, amountMinor: 1_000 });
    await tell(refund(payment, { amountMinor: 400 }));
    await pay(payment);
    await openReceivables(ledger.sql, [mine], at);
    expect(await ledger.receivableState(mine.orderId)).toBe('reserved');
    expect(await standing()).toEqual([0, 600, 0]);
  });
});

describe('a return of money that was spent', () => {
  it('is owed, and the next money repays it before it funds anything', async () => {
    const mine = opened(800);
    await openReceivables(ledger.sql, [mine], at);
    const payment = paid(1_000);
    await pay(payment);
    await settleReceivables(ledger.sql, [mine], at);
    await ledger.told();
    await tell(refund(payment));
    expect(await standing()).toEqual([0, 0, 800]);
    expect((await ledger.told())[0]?.data).toMatchObject({ covered_minor: 200, owed_minor: 800, orders: [] });

    const next = opened(500);
    await openReceivables(ledger.sql, [next], at);
    await pay(paid(300));
    expect(await standing()).toEqual([0, 0, 500]);
    await ledger.told();
    await pay(paid(900));
    expect(await ledger.receivableState(next.orderId)).toBe('open');
    await pay(paid(200));
    expect(await ledger.receivableState(next.orderId)).toBe('reserved');
    expect(await standing()).toEqual([100, 500, 0]);
    expect(await statement()).toEqual([
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
    expect((await ledger.told()).map(({ data }) => data.account_version)).toEqual([7, 9]);
  });

  it('is repaid by whatever raises what the person can spend', async () => {
    const [spent, other] = [opened(1_000), opened(300)];
    await openReceivables(ledger.sql, [spent], at);
    const payment = paid(1_000);
    await pay(payment);
    await settleReceivables(ledger.sql, [spent], at);
    await pay(paid(300));
    await openReceivables(ledger.sql, [other], at);
    const refunded = refund(payment);
    await tell(refunded);
    expect(await standing()).toEqual([0, 300, 1_000]);
    await withdrawReceivables(ledger.sql, [other], at);
    expect(await standing()).toEqual([0, 0, 700]);
    await grantBonuses(ledger.sql, [bonus({ personId, amountMinor: 200 })], at);
    expect(await standing()).toEqual([0, 0, 500]);
    const late = notice({ personNamed: 'whoever', amountMinor: 100 });
    const [paymentId] = await pay(late);
    const assignment = { paymentId: paymentId as string, personId, assignedBy: 'admin', cause };
    await assignPayments(ledger.sql, [assignment], at);
    expect(await standing()).toEqual([0, 0, 400]);
    await tell(back(refunded));
    expect(await standing()).toEqual([600, 0, 0]);
  });

  it('is shared by several returns of a set, and none takes what is reserved', async () => {
    const mine = opened(600);
    const [first, second] = [paid(500), paid(500)];
    await openReceivables(ledger.sql, [mine], at);
    await pay(first, second);
    await ledger.told();
    await tell(refund(first), refund(second), refund(paid(5)));
    expect(await standing()).toEqual([0, 600, 600]);
    const told = await ledger.told();
    const sum = (member: string) => told.reduce((total, { data }) => total + Number(data[member]), 0);
    expect([sum('covered_minor'), sum('owed_minor')]).toEqual([400, 600]);
    expect(told.map(({ data }) => data.account_version).sort()).toEqual([(await version())! - 1, await version()]);
  });

  it('names the unfinished orders that have to give way, the newest first, and no more than are needed', async () => {
    const [oldest, older, newest] = [opened(100), opened(100), opened(100)];
    await openReceivables(ledger.sql, [oldest], at);
    const payment = paid(300);
    await pay(payment);
    await openReceivables(ledger.sql, [older], at);
    await openReceivables(ledger.sql, [newest], at.add({ seconds: 1 }));
    expect(await standing()).toEqual([0, 300, 0]);
    await ledger.told();
    const named = async () =>
      (await ledger.told()).map(({ data }) => paymentRefunded.data.parse(data).orders.map(({ order_id }) => order_id));
    // What this payment paid for comes first, then what money paid for that was on the account.
    await tell(refund(payment, { amountMinor: 50 }));
    expect(await named()).toEqual([[oldest.orderId]]);
    await tell(refund(payment, { amountMinor: 100 }));
    expect(await named()).toEqual([[oldest.orderId, newest.orderId]]);
    await withdrawReceivables(ledger.sql, [oldest, newest], at);
    expect(await standing()).toEqual([50, 100, 0]);
  });

  it('names no order that another payment paid for', async () => {
    const [first, second] = [opened(500), opened(400)];
    await openReceivables(ledger.sql, [first], at);
    const payment = paid(500);
    await pay(payment);
    await settleReceivables(ledger.sql, [first], at);
    await openReceivables(ledger.sql, [second], at);
    await pay(paid(400));
    await ledger.told();
    await tell(refund(payment, { kind: 'dispute' }));
    const [told] = await ledger.told();
    expect(told?.type).toBe(paymentDisputed.type);
    expect(paymentDisputed.data.parse(told?.data)).toMatchObject({ owed_minor: 500, orders: [] });
    expect(await standing()).toEqual([0, 400, 500]);
  });

  it('does not outlive what it is about: a closing after it leaves the debt', async () => {
    const mine = opened(500);
    await openReceivables(ledger.sql, [mine], at);
    const payment = paid(500);
    await pay(payment);
    await tell(refund(payment));
    await settleReceivables(ledger.sql, [mine], at);
    expect(await standing()).toEqual([0, 0, 500]);
    expect(await ledger.balance('class', mine.classId)).toBe(500);
  });

  it('lets nobody be owed to below nothing', async () => {
    const overpaid = ledger.sql.query(`update account set credits_posted = debits_posted + 1 where kind = 'debt'`);
    await expect(overpaid).rejects.toThrow('account_debt_never_overpaid');
  });
});
