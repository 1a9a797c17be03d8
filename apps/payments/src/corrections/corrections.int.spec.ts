import { beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#kernel/ids.js';
import { Corrections } from '../../test/corrections.js';
import { at, cause, order } from '../../test/ledger-fixture.js';
import { admitPersons, openReceivables, settleReceivables, withdrawReceivables } from '../../test/movements.js';
import { OnePerson } from '../../test/one-person.js';

const one = OnePerson.inEachTest();
let admin: Corrections;
beforeAll(() => {
  admin = new Corrections(one.ledger.sql);
});

const paidBy = async (amountMinor: number) => {
  const [paymentId] = await one.pay(one.paid(amountMinor));
  return paymentId as string;
};
/** An order of the person that their money covers. */
const reserved = async (amountMinor: number) => {
  const opened = one.opened(amountMinor);
  await openReceivables(one.ledger.sql, [opened], at);
  return opened;
};
const another = async () => {
  const personId = newId();
  await admitPersons(one.ledger.sql, [{ personId, cause }], at);
  return personId;
};
/** The names of the published events, with the number of the orders that give way. */
const published = async () => {
  const events = await one.ledger.published();
  return events.map(({ type, data }) => [type.split('.')[1], (data.orders as unknown[] | undefined)?.length]);
};

describe('cash that is given back', () => {
  it('leaves the person, whole or in part, and never exceeds its payment', async () => {
    const paymentId = await paidBy(900);
    expect(await admin.giveBack(paymentId, 200)).toBe('done');
    expect(await one.standing()).toEqual([700, 0, 0]);
    expect(await admin.giveBack(paymentId, 701)).toBe('REFUND_EXCEEDS_PAYMENT');
    expect(await admin.giveBack(paymentId)).toBe('done');
    expect(await admin.giveBack(paymentId)).toBe('PAYMENT_REFUNDED');
    expect(await one.standing()).toEqual([0, 0, 0]);
    expect((await one.statement()).map(({ movement, amount }) => [movement, amount])).toEqual([
      ['register-payment', 900],
      ['refund-payment', -200],
      ['refund-payment', -700],
    ]);
  });

  it('is owed as far as it was spent, and unfinished orders of it give way', async () => {
    const paymentId = await paidBy(900);
    await settleReceivables(one.ledger.sql, [await reserved(300)], at);
    await reserved(500);
    await one.ledger.published();
    expect(await admin.giveBack(paymentId)).toBe('done');
    expect(await one.standing()).toEqual([0, 500, 800]);
    expect(await published()).toEqual([['payment-refunded', 1]]);
  });
});

describe('an amount that was typed wrong', () => {
  it('is corrected down, and the person is left with what was paid', async () => {
    const paymentId = await paidBy(49_000);
    expect(await admin.correct(paymentId, 4_900)).toBe('done');
    expect(await one.standing()).toEqual([4_900, 0, 0]);
    expect(await admin.correct(paymentId, 4_900)).toBe('AMOUNT_UNCHANGED');
    expect(await one.ledger.balance('provider_clearing', 'cash')).toBeLessThan(0);
    const [transfer] = await one.ledger.sql.query<{ movement: string; correction_of: string }>(
      `select movement, correction_of from transfer where payment_id = $1 and movement = 'correct-payment'`,
      [paymentId],
    );
    expect(transfer).toEqual({ movement: 'correct-payment', correction_of: paymentId });
  });

  it('is corrected up, and funds the order that waits, in the same transaction', async () => {
    const paymentId = await paidBy(490);
    const waiting = await reserved(4_900);
    expect(await one.ledger.receivableState(waiting.orderId)).toBe('open');
    await one.ledger.published();
    expect(await admin.correct(paymentId, 4_900)).toBe('done');
    expect(await one.ledger.receivableState(waiting.orderId)).toBe('reserved');
    expect(await published()).toEqual([
      ['payment-corrected', 0],
      ['credit-applied', undefined],
      ['payment-credited', undefined],
    ]);
  });

  it('is owed as far as it was spent; the next money repays it', async () => {
    const paymentId = await paidBy(49_000);
    await settleReceivables(one.ledger.sql, [await reserved(40_000)], at);
    const unfinished = await reserved(5_000);
    await one.ledger.published();
    expect(await admin.correct(paymentId, 4_900)).toBe('done');
    expect(await one.standing()).toEqual([0, 5_000, 40_100]);
    expect(await published()).toEqual([['payment-corrected', 1]]);
    await withdrawReceivables(one.ledger.sql, [{ ...unfinished, reason: 'corrected' }], at);
    expect(await one.standing()).toEqual([0, 0, 35_100]);
  });

  it('can be nothing at all, and never less than what was given back', async () => {
    const paymentId = await paidBy(900);
    await admin.giveBack(paymentId, 100);
    expect(await admin.correct(paymentId, 99)).toBe('AMOUNT_BELOW_REFUNDED');
    const phantom = await paidBy(900);
    expect(await admin.correct(phantom, 0)).toBe('done');
    expect(await one.standing()).toEqual([800, 0, 0]);
    expect(await admin.giveBack(phantom)).toBe('PAYMENT_REFUNDED');
  });

  it('is corrected in suspense too', async () => {
    const before = await one.ledger.balance('suspense', 'unmatched');
    const [paymentId = ''] = await one.pay(one.paid(49_000, { personNamed: newId() }));
    expect(await admin.correct(paymentId, 4_900)).toBe('done');
    expect((await one.ledger.balance('suspense', 'unmatched')) - before).toBe(4_900);
    expect(await admin.giveBack(paymentId)).toBe('done');
    expect(await one.ledger.balance('suspense', 'unmatched')).toBe(before);
  });

  it('is not corrected where there is no such payment', async () => {
    expect(await admin.correct(newId(), 90)).toBe('PAYMENT_NOT_FOUND');
    expect(await admin.giveBack(newId(), 90)).toBe('PAYMENT_NOT_FOUND');
  });
});

describe('money of the wrong person', () => {
  it('moves to the right one, and pays what they name first', async () => {
    const right = await another();
    const orders = [700, 800].map((amountMinor) => order({ personId: right, amountMinor }));
    await openReceivables(one.ledger.sql, orders, at);
    const paymentId = await paidBy(900);
    expect(await admin.reassign(paymentId, right, orders[1]?.orderId)).toBe('done');
    expect(await one.standing()).toEqual([0, 0, 0]);
    expect(await one.ledger.available(right)).toBe(100);
    expect(await one.ledger.receivableState(orders[1]?.orderId ?? '')).toBe('reserved');
    expect(await admin.reassign(paymentId, right)).toBe('PERSON_UNCHANGED');
  });

  it('is owed by the first one as far as it was spent', async () => {
    const right = await another();
    const paymentId = await paidBy(900);
    await settleReceivables(one.ledger.sql, [await reserved(300)], at);
    await reserved(500);
    await one.ledger.published();
    expect(await admin.reassign(paymentId, right)).toBe('done');
    expect(await one.standing()).toEqual([0, 500, 800]);
    expect(await one.ledger.available(right)).toBe(900);
    expect(await published()).toEqual([
      ['payment-reassigned', 1],
      ['payment-credited', undefined],
    ]);
  });

  it('moves as often as it takes, without what was given back', async () => {
    const right = await another();
    const paymentId = await paidBy(900);
    await admin.giveBack(paymentId, 100);
    for (const personId of [right, one.personId, right]) expect(await admin.reassign(paymentId, personId)).toBe('done');
    expect([await one.ledger.available(right), ...(await one.standing())]).toEqual([800, 0, 0, 0]);
    expect(await admin.correct(paymentId, 1_000)).toBe('done');
    expect(await one.ledger.available(right)).toBe(900);
    await admin.giveBack(paymentId);
    expect(await admin.reassign(paymentId, one.personId)).toBe('PAYMENT_REFUNDED');
  });

  it('is refused for who cannot get it, and from suspense', async () => {
    const paymentId = await paidBy(900);
    const right = await another();
    const theirs = [order({ personId: right, currency: 'USD' }), one.opened(2_000)];
    await openReceivables(one.ledger.sql, theirs, at);
    expect(await admin.reassign(paymentId, right, theirs[0]?.orderId)).toBe('CURRENCY_MISMATCH');
    expect(await admin.reassign(paymentId, right, theirs[1]?.orderId)).toBe('ORDER_OF_ANOTHER_PERSON');
    expect(await admin.reassign(paymentId, right, newId())).toBe('ORDER_NOT_FOUND');
    const [unmatched = ''] = await one.pay(one.paid(900, { personNamed: newId() }));
    expect(await admin.reassign(unmatched, right)).toBe('PAYMENT_UNMATCHED');
    expect(await one.standing()).toEqual([900, 0, 0]);
  });
});

describe('a balance', () => {
  it('is paid out as far as it is available, and nothing that is reserved', async () => {
    await paidBy(900);
    await reserved(500);
    expect(await admin.payOut(one.personId, 401)).toBe('BALANCE_INSUFFICIENT');
    expect(await admin.payOut(one.personId, 400)).toBe('done');
    expect(await admin.payOut(one.personId, 1)).toBe('BALANCE_INSUFFICIENT');
    expect(await admin.payOut(one.personId, 1, 'XYZ')).toBe('CURRENCY_UNKNOWN');
    expect(await one.standing()).toEqual([0, 500, 0]);
    expect(await one.ledger.balance('payouts', 'cash')).toBe(400);
  });
});

describe('an order that is short by a small difference', () => {
  it('is funded when an admin writes off the difference, which stands on the expense account', async () => {
    const before = await one.ledger.balance('write_off', 'shortfalls');
    const [older, wanted] = [one.opened(9_000), one.opened(5_000)];
    await openReceivables(one.ledger.sql, [older, wanted], at);
    expect(await admin.writeOff(wanted.orderId, 5_000)).toBe('SHORTFALL_TOO_LARGE');
    await one.pay(one.paid(4_998));
    await one.ledger.published();
    expect(await admin.writeOff(wanted.orderId, 1)).toBe('SHORTFALL_TOO_LARGE');
    expect(await admin.writeOff(wanted.orderId, 2)).toBe('done');
    expect(await admin.writeOff(wanted.orderId, 2)).toBe('ORDER_NOT_WAITING');
    expect(await admin.writeOff(newId(), 2)).toBe('ORDER_NOT_FOUND');
    expect(await one.standing()).toEqual([0, 5_000, 0]);
    expect((await one.ledger.balance('write_off', 'shortfalls')) - before).toBe(-2);
    expect(await published()).toEqual([['credit-applied', undefined]]);
    await withdrawReceivables(one.ledger.sql, [{ ...wanted, reason: 'cancelled' }], at);
    expect(await one.standing()).toEqual([4_998, 0, 0]);
    expect(await one.ledger.balance('write_off', 'shortfalls')).toBe(before);
  });

  it('is not short when the person has its money and another order stands in front', async () => {
    const [older, behind] = [one.opened(9_000), one.opened(5_000)];
    await openReceivables(one.ledger.sql, [older, behind], at);
    await one.pay(one.paid(6_000));
    expect(await admin.writeOff(behind.orderId, 1_000)).toBe('ORDER_NOT_SHORT');
    expect(await one.standing()).toEqual([6_000, 0, 0]);
  });
});

describe('what admins corrected', () => {
  it('is kept with its reason and author, and never changes', async () => {
    const paymentId = await paidBy(900);
    await admin.correct(paymentId, 800);
    await admin.giveBack(paymentId, 100);
    await admin.payOut(one.personId, 100);
    const rows = await one.ledger.sql.query(
      `select author, reason from payment_correction where payment_id = $1
       union all select author, reason from refund where payment_id = $1
       union all select author, reason from payout where person_id = $2`,
      [paymentId, one.personId],
    );
    expect(rows).toEqual(Array(3).fill({ author: 'admin/ravi@office', reason: 'A test.' }));
    for (const table of ['payment_correction', 'payout', 'order_write_off']) {
      for (const change of [
        `truncate ${table}`,
        ...(table === 'order_write_off' ? [] : [`update ${table} set reason = ''`, `delete from ${table}`]),
      ]) {
        await expect(one.ledger.sql.query(change)).rejects.toThrow('written once');
      }
    }
  });
});
