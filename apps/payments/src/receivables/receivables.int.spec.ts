import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { creditApplied, orderSettled, paymentRegistered } from '#contracts/payments/payments.js';
import { newId } from '#kernel/ids.js';
import { at, cause, type Ledger, notice, openLedger, order } from '../../test/ledger-fixture.js';
import {
  admitPersons,
  assignPayments,
  openReceivables,
  registerPayments,
  settleReceivables,
  withdrawReceivables,
} from '../../test/movements.js';
import type { OrderEvent } from './order-events.js';

let ledger: Ledger;
let personId: string;

beforeAll(async () => {
  ledger = await openLedger();
});

beforeEach(async () => {
  personId = newId();
  await admitPersons(ledger.sql, [{ personId, cause }], at);
  await ledger.published();
});

afterAll(async () => {
  expect(await ledger.violations()).toEqual([]);
  await ledger.close();
});

const paid = (amountMinor: number, orderNamed: string | null = null) =>
  notice({ personNamed: personId, orderNamed, amountMinor });
const opened = (amountMinor: number) => order({ personId, amountMinor });
const states = (...orders: OrderEvent[]) => Promise.all(orders.map((one) => ledger.receivableState(one.orderId)));

describe('a payment that names an order', () => {
  const published = async () => paymentRegistered.data.parse((await ledger.published()).at(-1)?.data);

  it('is published with the order, and with nothing more when it funds it', async () => {
    const named = opened(300);
    await openReceivables(ledger.sql, [named], at);
    await registerPayments(ledger.sql, [paid(350, named.orderId)], at);
    expect(await published()).toMatchObject({ order_id: named.orderId, available_minor: null, received_at: null });
  });

  it('is published with what the person can spend and when it was received, once the order has ended', async () => {
    const [named, other] = [opened(300), opened(100)];
    await openReceivables(ledger.sql, [named, other], at);
    await withdrawReceivables(ledger.sql, [{ ...named, reason: 'expired' }], at);
    await ledger.published();
    const receivedAt = at.subtract({ hours: 24 });
    await registerPayments(ledger.sql, [{ ...paid(350, named.orderId), receivedAt }], at);
    const event = await published();
    expect(event).toMatchObject({ order_id: named.orderId, funded_orders: [{ order_id: other.orderId }] });
    expect([event.available_minor, Temporal.Instant.from(event.received_at ?? '')]).toEqual([250, receivedAt]);
  });
});

describe('funding', () => {
  it('takes the named order first, then the oldest, and stops at the first one not covered', async () => {
    const [oldest, dear, young, named] = [opened(300), opened(900), opened(10), opened(200)];
    await openReceivables(ledger.sql, [young, named, dear, oldest], at);
    await registerPayments(ledger.sql, [paid(700, named.orderId)], at);
    expect(await states(named, oldest, dear, young)).toEqual(['reserved', 'reserved', 'open', 'open']);
    expect([await ledger.available(personId), await ledger.reserved(personId)]).toEqual([200, 500]);
    const [event] = await ledger.published();
    expect(paymentRegistered.data.parse(event?.data).funded_orders.map(({ order_id }) => order_id)).toEqual([
      named.orderId,
      oldest.orderId,
    ]);
  });

  it('takes the oldest that is covered where the named order is not', async () => {
    const [oldest, named] = [opened(300), opened(900)];
    await openReceivables(ledger.sql, [oldest, named], at);
    await registerPayments(ledger.sql, [paid(350, named.orderId)], at);
    expect([await states(oldest, named), await ledger.available(personId)]).toEqual([['reserved', 'open'], 50]);
  });

  it('takes the only order of exactly the amount before the oldest', async () => {
    const [dear, exact] = [opened(1_000), opened(50)];
    await openReceivables(ledger.sql, [dear, exact], at);
    await registerPayments(ledger.sql, [paid(50)], at);
    expect([await states(dear, exact), await ledger.available(personId)]).toEqual([['open', 'reserved'], 0]);
    const [payment] = await ledger.published();
    expect(paymentRegistered.data.parse(payment?.data).funded_orders).toMatchObject([{ order_id: exact.orderId }]);
  });

  it('takes the oldest where two orders have exactly the amount, or where it names one of them', async () => {
    const [dear, one, other] = [opened(1_000), opened(50), opened(50)];
    await openReceivables(ledger.sql, [dear, one, other], at);
    await registerPayments(ledger.sql, [paid(50)], at);
    expect([await states(dear, one, other), await ledger.available(personId)]).toEqual([['open', 'open', 'open'], 50]);
    await registerPayments(ledger.sql, [paid(50, other.orderId)], at);
    expect([await states(dear, one, other), await ledger.available(personId)]).toEqual([
      ['open', 'open', 'reserved'],
      50,
    ]);
  });

  it('gives each payment of a batch to the order of its amount, however large a named order is', async () => {
    const [dear, fifty, forty] = [opened(1_000), opened(50), opened(40)];
    await openReceivables(ledger.sql, [dear, fifty, forty], at);
    await registerPayments(ledger.sql, [paid(5, dear.orderId), paid(40), paid(50)], at);
    expect([await states(dear, fifty, forty), await ledger.available(personId)]).toEqual([
      ['open', 'reserved', 'reserved'],
      5,
    ]);
  });

  it('finds the order of exactly the amount for money that leaves suspense, and for money that names an ended order', async () => {
    const [dear, exact, gone] = [opened(1_000), opened(50), opened(70)];
    await openReceivables(ledger.sql, [dear, exact, gone], at);
    await withdrawReceivables(ledger.sql, [gone], at);
    await registerPayments(ledger.sql, [paid(50, gone.orderId)], at);
    expect(await states(dear, exact)).toEqual(['open', 'reserved']);
    const next = opened(30);
    await openReceivables(ledger.sql, [next], at);
    const [lost] = await registerPayments(ledger.sql, [notice({ personNamed: newId(), amountMinor: 30 })], at);
    await assignPayments(ledger.sql, [{ paymentId: lost?.paymentId as string, personId, cause }], at);
    expect(await states(dear, next)).toEqual(['open', 'reserved']);
  });

  it('puts several payments of one batch together, and lets one payment pay several orders', async () => {
    const [first, second] = [opened(500), opened(500)];
    await openReceivables(ledger.sql, [first, second], at);
    await registerPayments(ledger.sql, [paid(400), paid(400), paid(300)], at);
    expect([await ledger.available(personId), await ledger.reserved(personId)]).toEqual([100, 1_000]);
  });

  it('reserves at opening what is there already, and publishes credit-applied', async () => {
    await registerPayments(ledger.sql, [paid(500)], at);
    await ledger.published();
    const mine = opened(500);
    await openReceivables(ledger.sql, [mine, mine], at);
    await openReceivables(ledger.sql, [mine], at);
    expect(await ledger.reserved(personId)).toBe(500);
    expect((await ledger.published()).map(({ type, data }) => [type, data.order_id])).toEqual([
      [creditApplied.type, mine.orderId],
    ]);
  });

  it('never crosses currencies', async () => {
    const mine = opened(500);
    await openReceivables(ledger.sql, [mine], at);
    await registerPayments(ledger.sql, [{ ...paid(500, mine.orderId), currency: 'USD' }], at);
    expect(await ledger.receivableState(mine.orderId)).toBe('open');
    expect(await ledger.available(personId, 'USD')).toBe(500);
  });

  it('gives an order its money once, when opening and payment arrive at the same moment', async () => {
    for (let round = 0; round < 10; round += 1) {
      const mine = order({ amountMinor: 100 });
      await Promise.all([
        openReceivables(ledger.sql, [mine], at),
        registerPayments(ledger.sql, [notice({ orderNamed: mine.orderId, amountMinor: 100 })], at),
      ]);
      expect(await ledger.receivableState(mine.orderId)).toBe('reserved');
      expect(await ledger.reserved(mine.personId)).toBe(100);
    }
  });
});

describe('a closed order', () => {
  it('moves what was reserved to its class, once, and publishes order-settled', async () => {
    const mine = opened(500);
    await openReceivables(ledger.sql, [mine], at);
    await registerPayments(ledger.sql, [paid(800)], at);
    await ledger.published();
    await settleReceivables(ledger.sql, [mine, mine], at);
    await settleReceivables(ledger.sql, [mine], at);
    expect(await ledger.balance('class', mine.classId)).toBe(500);
    expect([await ledger.available(personId), await ledger.reserved(personId)]).toEqual([300, 0]);
    const events = await ledger.published();
    expect(events.map(({ type }) => type)).toEqual([orderSettled.type]);
    expect(orderSettled.data.parse(events[0]?.data)).toMatchObject({ order_id: mine.orderId, class_id: mine.classId });
  });

  it('that is free moves nothing, whether its opening came before or not', async () => {
    const [openedFirst, unopened] = [opened(0), opened(0)];
    await openReceivables(ledger.sql, [openedFirst], at);
    await settleReceivables(ledger.sql, [openedFirst, unopened], at);
    await openReceivables(ledger.sql, [unopened], at);
    expect(await ledger.receivableState(openedFirst.orderId)).toBe('settled');
    expect(await ledger.receivableState(unopened.orderId)).toBe('settled');
    expect(await ledger.published()).toEqual([]);
  });

  it('without its money is a bug, and nothing of the batch happens', async () => {
    const [funded, unfunded] = [opened(100), opened(900)];
    await openReceivables(ledger.sql, [funded, unfunded], at);
    await registerPayments(ledger.sql, [paid(100)], at);
    const settling = settleReceivables(ledger.sql, [funded, unfunded], at);
    await expect(settling).rejects.toThrow(`order ${unfunded.orderId} closed, but its receivable is open`);
    expect(await ledger.receivableState(funded.orderId)).toBe('reserved');
  });

  it('cannot be withdrawn any more', async () => {
    const mine = opened(100);
    await openReceivables(ledger.sql, [mine], at);
    await registerPayments(ledger.sql, [paid(100)], at);
    await settleReceivables(ledger.sql, [mine], at);
    await expect(withdrawReceivables(ledger.sql, [mine], at)).rejects.toThrow('is settled');
  });
});

describe('an order that ended', () => {
  it('gives its reservation back, which funds the next order', async () => {
    const [first, second] = [opened(500), opened(450)];
    await openReceivables(ledger.sql, [first, second], at);
    await registerPayments(ledger.sql, [paid(500)], at);
    await ledger.published();
    await withdrawReceivables(ledger.sql, [first, first], at);
    await withdrawReceivables(ledger.sql, [first], at);
    expect(await ledger.receivableState(second.orderId)).toBe('reserved');
    expect(await ledger.available(personId)).toBe(50);
    expect((await ledger.published()).map(({ type, data }) => [type, data.order_id])).toEqual([
      [creditApplied.type, second.orderId],
    ]);
  });

  it('without a reservation makes way for the orders behind it, in the same transaction', async () => {
    const [dear, second, third] = [opened(1_000), opened(40), opened(50)];
    await openReceivables(ledger.sql, [dear, second, third], at);
    await registerPayments(ledger.sql, [paid(45)], at);
    await ledger.published();
    await withdrawReceivables(ledger.sql, [dear], at);
    expect([await states(dear, second, third), await ledger.available(personId)]).toEqual([
      ['withdrawn', 'reserved', 'open'],
      5,
    ]);
    expect((await ledger.published()).map(({ type, data }) => [type, data.order_id])).toEqual([
      [creditApplied.type, second.orderId],
    ]);
  });

  it('before it was opened reserves nothing when its opening arrives', async () => {
    const mine = opened(500);
    await registerPayments(ledger.sql, [paid(500)], at);
    await withdrawReceivables(ledger.sql, [mine], at);
    await openReceivables(ledger.sql, [mine], at);
    expect(await ledger.receivableState(mine.orderId)).toBe('withdrawn');
    expect(await ledger.available(personId)).toBe(500);
  });

  it('leaves a late payment on the account, usable', async () => {
    const gone = opened(500);
    await openReceivables(ledger.sql, [gone], at);
    await withdrawReceivables(ledger.sql, [gone], at);
    await registerPayments(ledger.sql, [notice({ orderNamed: gone.orderId, amountMinor: 500 })], at);
    const next = opened(500);
    await openReceivables(ledger.sql, [next], at);
    expect(await ledger.receivableState(next.orderId)).toBe('reserved');
  });

  it('racing its payment ends withdrawn, with the money available', async () => {
    for (let round = 0; round < 10; round += 1) {
      const mine = order({ amountMinor: 100 });
      await openReceivables(ledger.sql, [mine], at);
      await Promise.all([
        registerPayments(ledger.sql, [notice({ orderNamed: mine.orderId, amountMinor: 100 })], at),
        withdrawReceivables(ledger.sql, [mine], at),
      ]);
      expect(await ledger.receivableState(mine.orderId)).toBe('withdrawn');
      expect(await ledger.available(mine.personId)).toBe(100);
    }
  });
});
