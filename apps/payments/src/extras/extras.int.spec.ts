import { describe, expect, it } from '@jest/globals';
import { newId } from '#kernel/ids.js';
import { at, cause, notice, refund } from '../../test/ledger-fixture.js';
import { assignPayments, openReceivables, registerInSteps, registerPayments } from '../../test/movements.js';
import { OnePerson, reinstated } from '../../test/one-person.js';
import type { PaymentNotice } from '../payments/domain/payment-notice.js';

const one = OnePerson.inEachTest();
const { paid, opened, pay, record, standing, statement } = one;

const collected = () => Promise.all(['tax', 'shipping', 'tip'].map((kind) => one.ledger.balance(kind, 'collected')));

/** What the accounts of tax, shipping and tips have more after `act`. */
async function collects(act: () => Promise<unknown>): Promise<number[]> {
  const before = await collected();
  await act();
  return (await collected()).map((balance, index) => balance - (before[index] as number));
}

const all = { taxMinor: 200, shippingMinor: 50, tipMinor: 10 };
const repeated = (first: PaymentNotice, details: Partial<PaymentNotice>) => ({ ...first, ...details });

describe('tax, shipping and tips of a payment', () => {
  it('go to accounts of their own: the rest pays the order, and nothing is left for the next one', async () => {
    const [mine, next] = [opened(1_000), opened(200)];
    await openReceivables(one.ledger.sql, [mine, next], at);
    expect(await collects(() => pay(paid(1_260, all)))).toEqual([200, 50, 10]);
    expect(await standing()).toEqual([0, 1_000, 0]);
    expect(await one.ledger.receivableState(next.orderId)).toBe('open');
    expect((await statement()).map(({ movement }) => movement).toSorted()).toEqual([
      'collect-shipping',
      'collect-tax',
      'collect-tip',
      'register-payment',
    ]);
  });

  it('leave the order of exactly the rest the first to be paid', async () => {
    const [dear, exact] = [opened(5_000), opened(1_000)];
    await openReceivables(one.ledger.sql, [dear, exact], at);
    await pay(paid(1_200, { taxMinor: 200 }));
    expect(await one.ledger.receivableState(exact.orderId)).toBe('reserved');
  });

  it('are collected once, however often and in how many pieces they are named', async () => {
    const first = paid(1_260, { tipMinor: 10 });
    const tax = repeated(first, { tipMinor: null, taxMinor: 200 });
    const rest = repeated(first, { taxMinor: 200, shippingMinor: 50 });
    const moved = await collects(async () => {
      await pay(first, first);
      await pay(tax, rest, first);
      await pay(rest, tax);
    });
    expect([moved, await standing()]).toEqual([
      [200, 50, 10],
      [1_000, 0, 0],
    ]);
  });

  it('that a later event names leave the money that the person has, and are owed where it is spent', async () => {
    const [mine, next] = [opened(1_000), opened(150)];
    await openReceivables(one.ledger.sql, [mine, next], at);
    const first = paid(1_200);
    await pay(first);
    expect(await standing()).toEqual([50, 1_150, 0]);
    expect(await collects(() => pay(repeated(first, { taxMinor: 200 })))).toEqual([200, 0, 0]);
    expect(await standing()).toEqual([0, 1_150, 150]);
    await pay(paid(160));
    expect(await standing()).toEqual([10, 1_150, 0]);
  });

  it('that two events of one set name fund nothing, whichever comes first', async () => {
    const [mine, next] = [opened(1_000), opened(200)];
    await openReceivables(one.ledger.sql, [mine, next], at);
    const first = paid(1_200);
    await pay(first, repeated(first, { taxMinor: 200 }));
    expect(await standing()).toEqual([0, 1_000, 0]);
  });

  it.each<[string, Partial<PaymentNotice>]>([
    ['another tax', { taxMinor: 201 }],
    ['more than the payment in all', { taxMinor: null, tipMinor: 1_001 }],
    ['another amount', { taxMinor: 200, tipMinor: 5, amountMinor: 1_201 }],
  ])('named by a repeat with %s contradict it, and nothing moves', async (_, other) => {
    const first = paid(1_200, { taxMinor: 200 });
    await pay(first);
    for (const register of [registerPayments, registerInSteps]) {
      const moved = await collects(async () => {
        const answers = await register(one.ledger.sql, [repeated(first, other)], at);
        expect(answers.map(({ verdict }) => verdict)).toEqual(['conflict']);
      });
      expect([moved, await standing()]).toEqual([
        [0, 0, 0],
        [1_000, 0, 0],
      ]);
    }
  });

  it('leave suspense at once; whose the payment is gets the rest', async () => {
    const lost = notice({ personNamed: newId(), amountMinor: 1_260, ...all });
    let paymentId = '';
    const before = await one.ledger.balance('suspense', 'unmatched');
    const moved = await collects(async () => {
      [paymentId = ''] = await pay(lost);
    });
    expect(moved).toEqual([200, 50, 10]);
    expect((await one.ledger.balance('suspense', 'unmatched')) - before).toBe(1_000);
    await assignPayments(one.ledger.sql, [{ paymentId, personId: one.personId, cause }], at);
    expect(await standing()).toEqual([1_000, 0, 0]);
  });
});

describe('a refund of a payment with tax, shipping and tips', () => {
  it('takes the part of the person first, and the extras above it: nobody owes', async () => {
    const mine = paid(1_260, all);
    await pay(mine);
    expect(await collects(() => record(refund(mine, { amountMinor: 600 })))).toEqual([0, 0, 0]);
    expect(await standing()).toEqual([400, 0, 0]);
    const rest = refund(mine, { amountMinor: 660 });
    expect(await collects(() => record(rest))).toEqual([-200, -50, -10]);
    expect(await standing()).toEqual([0, 0, 0]);
    expect(await collects(() => record(reinstated(rest)))).toEqual([200, 50, 10]);
    expect(await standing()).toEqual([400, 0, 0]);
  });

  it('that was received before the payment takes both parts of it', async () => {
    const mine = paid(1_260, all);
    await record(refund(mine));
    expect(await collects(() => pay(mine))).toEqual([0, 0, 0]);
    expect(await standing()).toEqual([0, 0, 0]);
  });

  it('that took tips back gives them up to a tax that is named later', async () => {
    const mine = paid(1_260, { tipMinor: 10 });
    await pay(mine);
    expect(await collects(() => record(refund(mine, { amountMinor: 1_255 })))).toEqual([0, 0, -5]);
    expect(await collects(() => pay(repeated(mine, { taxMinor: 200 })))).toEqual([5, 0, -5]);
    expect(await standing()).toEqual([0, 0, 0]);
  });
});
