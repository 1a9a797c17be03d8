import { describe, expect, it } from '@jest/globals';
import { creditApplied, paymentDisputed, paymentRefunded, paymentRegistered } from '#contracts/payments/payments.js';
import { at, refund } from '../../test/ledger-fixture.js';
import { openReceivables, settleReceivables } from '../../test/movements.js';
import { OnePerson, reinstated } from '../../test/one-person.js';

const one = OnePerson.inEachTest();

describe('a refund', () => {
  it('debits the person of its payment, once, however often its notice comes', async () => {
    const payment = one.paid(1_000);
    const [paymentId] = await one.pay(payment);
    await one.ledger.published();
    const refunded = refund(payment, { amountMinor: 400 });
    expect(await one.record(refunded, refunded)).toEqual(['applied', 'duplicate']);
    expect((await Promise.all([one.record(refunded), one.record(refunded), one.record(refunded)])).flat()).toEqual(
      Array(3).fill('duplicate'),
    );
    expect(await one.standing()).toEqual([600, 0, 0]);
    expect(await one.ledger.balance('provider_clearing', 'cash')).toBeLessThan(0);
    const [event, ...more] = await one.ledger.published();
    expect([event?.type, more]).toEqual([paymentRefunded.type, []]);
    expect(paymentRefunded.data.parse(event?.data)).toEqual({
      refund_id: expect.any(String),
      reference: refunded.reference,
      payment_id: paymentId,
      provider: 'cash',
      person_id: one.personId,
      amount_minor: 400,
      currency: 'EUR',
      state: 'applied',
      covered_minor: 400,
      owed_minor: 0,
      account_version: await one.version(),
      orders: [],
      recorded_at: at.toString({ smallestUnit: 'microsecond' }),
    });
    const [transfer] = await one.ledger.sql.query(
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

  it('of which several notices come at once is one', async () => {
    const payment = one.paid(1_000);
    await one.pay(payment);
    const refunded = refund(payment);
    const answers = await Promise.all(Array.from({ length: 8 }, () => one.record(refunded)));
    expect(answers.flat().sort()).toEqual(['applied', ...Array(7).fill('duplicate')]);
    expect(await one.standing()).toEqual([0, 0, 0]);
  });

  it('and a dispute beyond their payment are followed: the rest from the person, the excess from an expense', async () => {
    const expense = await one.ledger.balance('refund_expense', 'excess');
    const payment = one.paid(5_000);
    const [paymentId] = await one.pay(payment);
    await one.ledger.published();
    const disputed = refund(payment, { kind: 'dispute', amountMinor: 5_000 });
    expect(await one.record(refund(payment, { amountMinor: 2_000 }))).toEqual(['applied']);
    expect(await one.record(disputed)).toEqual(['applied']);
    expect(await one.standing()).toEqual([0, 0, 0]);
    expect(await one.ledger.balance('refund_expense', 'excess')).toBe(expense - 2_000);
    const [, event] = await one.ledger.published();
    expect(paymentDisputed.data.parse(event?.data)).toMatchObject({
      amount_minor: 5_000,
      covered_minor: 3_000,
      owed_minor: 0,
      excess_minor: 2_000,
    });
    const movements = await one.ledger.sql.query(
      `select movement, amount_minor from transfer where payment_id = $1 and correction_of = $1 order by movement`,
      [paymentId],
    );
    expect(movements).toEqual([
      { movement: 'dispute-excess', amount_minor: 2_000 },
      { movement: 'dispute-payment', amount_minor: 3_000 },
      { movement: 'refund-payment', amount_minor: 2_000 },
    ]);
    await one.record(reinstated(disputed));
    expect(await one.standing()).toEqual([3_000, 0, 0]);
    expect(await one.ledger.balance('refund_expense', 'excess')).toBe(expense);
  });

  it('and a dispute leave the same money in any order, and one of them reinstated too', async () => {
    const expense = await one.ledger.balance('refund_expense', 'excess');
    for (const turn of [false, true]) {
      const payment = one.paid(1_000);
      await one.pay(payment);
      const both = [refund(payment, { amountMinor: 400 }), refund(payment, { kind: 'dispute', amountMinor: 1_000 })];
      for (const each of turn ? both.toReversed() : both) expect(await one.record(each)).toEqual(['applied']);
      expect(await one.standing()).toEqual([0, 0, 0]);
      expect(await one.ledger.balance('refund_expense', 'excess')).toBe(expense - 400);
      for (const each of both) await one.record(reinstated(each));
      expect(await one.standing()).toEqual([1_000, 0, 0]);
      await one.record(refund(payment));
    }
    expect(await one.ledger.balance('refund_expense', 'excess')).toBe(expense);
  });

  it('beyond a payment that was spent raises no debt for the excess', async () => {
    const mine = one.opened(1_000);
    await openReceivables(one.ledger.sql, [mine], at);
    const payment = one.paid(1_000);
    await one.pay(payment);
    await settleReceivables(one.ledger.sql, [mine], at);
    await one.record(refund(payment, { amountMinor: 600 }), refund(payment, { kind: 'dispute', amountMinor: 1_000 }));
    expect(await one.standing()).toEqual([0, 0, 1_000]);
  });

  it.each([
    ['amount', { amountMinor: 401 }],
    ['currency', { currency: 'USD' }],
    ['payment', { paymentReference: 'another' }],
  ])('with another %s in a later notice changes nothing', async (_, other) => {
    const payment = one.paid(1_000);
    await one.pay(payment);
    const refunded = refund(payment, { amountMinor: 400 });
    const changed = { ...refunded, ...other };
    expect(await one.record(refunded, changed)).toEqual(['applied', 'REFUND_REUSED']);
    expect(await one.record(changed, reinstated(changed), refunded)).toEqual([
      'REFUND_REUSED',
      'REFUND_REUSED',
      'duplicate',
    ]);
    expect(await one.standing()).toEqual([600, 0, 0]);
  });

  it('in another currency than the payment changes nothing', async () => {
    const payment = one.paid(1_000);
    await one.pay(payment, { ...one.paid(1_000), currency: 'USD' });
    expect(await one.record(refund(payment, { currency: 'USD' }))).toEqual(['REFUND_CURRENCY_DIFFERS']);
    expect([await one.ledger.available(one.personId), await one.ledger.available(one.personId, 'USD')]).toEqual([
      1_000, 1_000,
    ]);
  });

  it('and a dispute may have the same id, and two providers too', async () => {
    const [first, second] = [one.paid(1_000), one.paid(1_000, { provider: 'bank_transfer' })];
    await one.pay(first, second);
    const mine = refund(first, { amountMinor: 100 });
    const alike = { ...refund(second, { amountMinor: 100 }), reference: mine.reference };
    expect(await one.record(mine, { ...mine, kind: 'dispute' }, alike)).toEqual(['applied', 'applied', 'applied']);
    expect(await one.standing()).toEqual([1_700, 0, 0]);
  });
});

describe('a reinstated refund', () => {
  it('credits the person again, once', async () => {
    const payment = one.paid(1_000);
    await one.pay(payment);
    const refunded = refund(payment);
    await one.record(refunded);
    await one.ledger.published();
    expect(await one.record(reinstated(refunded), reinstated(refunded))).toEqual(['applied', 'duplicate']);
    expect(await one.record(reinstated(refunded), refunded)).toEqual(['duplicate', 'duplicate']);
    expect(await one.standing()).toEqual([1_000, 0, 0]);
    expect(
      (await one.ledger.published()).map(({ data }) => [data.state, data.covered_minor, data.account_version]),
    ).toEqual([['reinstated', 0, await one.version()]]);
    expect(await one.record(refund(payment))).toEqual(['applied']);
  });

  it('of which the reinstatement comes first moves nothing, then or later', async () => {
    const payment = one.paid(1_000);
    await one.pay(payment);
    await one.ledger.published();
    const won = refund(payment, { kind: 'dispute' });
    expect(await one.record(reinstated(won))).toEqual(['applied']);
    expect(await one.record(won)).toEqual(['duplicate']);
    const both = refund(payment);
    expect(await one.record(both, reinstated(both))).toEqual(['applied', 'applied']);
    const other = refund(payment);
    expect(await one.record(reinstated(other), other)).toEqual(['applied', 'duplicate']);
    expect(await one.standing()).toEqual([1_000, 0, 0]);
    expect(await one.ledger.published()).toEqual([]);
  });

  it('funds open receivables', async () => {
    const payment = one.paid(500);
    await one.pay(payment);
    const refunded = refund(payment);
    await one.record(refunded);
    const mine = one.opened(500);
    await openReceivables(one.ledger.sql, [mine], at);
    await one.ledger.published();
    await one.record(reinstated(refunded));
    expect(await one.standing()).toEqual([0, 500, 0]);
    expect((await one.ledger.published()).map(({ type }) => type)).toEqual([paymentRefunded.type, creditApplied.type]);
  });
});

describe('a refund before its payment', () => {
  it('is applied when the payment comes, before that funds anything', async () => {
    const mine = one.opened(700);
    await openReceivables(one.ledger.sql, [mine], at);
    const [payment, neighbour] = [one.paid(1_000, { orderNamed: mine.orderId }), one.paid(50)];
    expect(await one.record(refund(payment, { amountMinor: 400 }))).toEqual(['waiting']);
    expect(await one.ledger.published()).toEqual([]);
    await one.pay(neighbour, payment);
    expect(await one.standing()).toEqual([650, 0, 0]);
    expect(await one.ledger.receivableState(mine.orderId)).toBe('open');
    const events = await one.ledger.published();
    expect(events.map(({ type }) => type)).toEqual([
      paymentRegistered.type,
      paymentRegistered.type,
      paymentRefunded.type,
    ]);
    expect(events.map(({ data }) => data.account_version)).toEqual([1, 2, 3]);
  });

  it('that is reinstated before the payment, too, leaves it alone', async () => {
    const payment = one.paid(1_000);
    const refunded = refund(payment);
    expect([await one.record(refunded), await one.record(reinstated(refunded))]).toEqual([['waiting'], ['applied']]);
    await one.pay(payment);
    expect(await one.standing()).toEqual([1_000, 0, 0]);
  });

  it('of which several wait is applied with them, in the order of their receipt', async () => {
    const expense = await one.ledger.balance('refund_expense', 'excess');
    const payment = one.paid(1_000);
    const parts = [600, 300, 200].map((amountMinor) => refund(payment, { amountMinor }));
    for (const part of parts) expect(await one.record(part)).toEqual(['waiting']);
    await one.record(refund(payment, { currency: 'USD', amountMinor: 1 }));
    await one.pay(payment);
    expect(await one.standing()).toEqual([0, 0, 0]);
    expect(await one.ledger.balance('refund_expense', 'excess')).toBe(expense - 100);
    expect(await one.record(...parts)).toEqual(['duplicate', 'duplicate', 'duplicate']);
  });

  it('racing its payment is applied once, whichever is first', async () => {
    for (let round = 0; round < 10; round += 1) {
      const payment = one.paid(100);
      await Promise.all([one.pay(payment), one.record(refund(payment))]);
    }
    expect(await one.standing()).toEqual([0, 0, 0]);
  });
});
