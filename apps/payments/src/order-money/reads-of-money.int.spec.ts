import { describe, expect, it } from '@jest/globals';
import { getAccount, getOrderMoney, getTrialBalance, listAccountEntries } from '#contracts/payments/accounts.js';
import { orderCancelled, orderClosed } from '#contracts/subscriptions/orders.js';
import { newId } from '#kernel/ids.js';
import { Transactions } from '#persistence/transaction.js';
import { refund } from '../../test/ledger-fixture.js';
import { recordRefunds } from '../../test/movements.js';
import { PayingPerson } from '../../test/paying-person.js';
import { SettleReceivables } from '../receivables/settle-receivables.js';
import { WithdrawReceivables } from '../receivables/withdraw-receivables.js';

const one = PayingPerson.inEachTest();
const { instant, envelope, orderData, open, cash, register, balances } = one;

describe('an account', () => {
  it('is read now, as it stood at any instant, and entry by entry', async () => {
    const data = orderData(300);
    const opened = one.service.clock.now();
    await open(data);
    one.service.clock.moveBy({ minutes: 1 });
    const paidAt = one.service.clock.now();
    await register(cash());
    one.service.clock.moveBy({ minutes: 1 });
    const closedAt = one.service.clock.now();
    await one.service.app
      .get(SettleReceivables)
      .execute([envelope(orderClosed.type, { ...data, closed_at: instant() })]);

    const at = async (moment: Temporal.Instant) =>
      (await one.rpc.request(getAccount, { person_id: one.personId, at: moment.toString() })).balances;
    const euros = { currency: 'EUR', owed_minor: 0 };
    expect(await at(opened)).toEqual([]);
    expect(await at(paidAt)).toEqual([
      { ...euros, posted_minor: 1_000, reserved_minor: 300, available_minor: 700, version: 1 },
    ]);
    const today = [{ ...euros, posted_minor: 700, reserved_minor: 0, available_minor: 700, version: 2 }];
    expect(await at(closedAt)).toEqual(today);
    expect(await balances()).toEqual(today);

    const { items, total } = await one.rpc.request(listAccountEntries, { person_id: one.personId });
    expect(total).toBe(2);
    expect(
      items.map(({ version, amount_minor, balance_after_minor, movement }) => [
        version,
        amount_minor,
        balance_after_minor,
        movement,
      ]),
    ).toEqual([
      [2, -300, 700, 'reserve'],
      [1, 1_000, 1_000, 'register-payment'],
    ]);
    const second = await one.rpc.request(listAccountEntries, { person_id: one.personId, page: 2, limit: 1 });
    expect(second.items).toEqual([items[1]]);
  });

  it('says what the person owes, now and then', async () => {
    const data = orderData(900);
    const request = cash();
    await open(data);
    await register(request);
    await one.service.app
      .get(SettleReceivables)
      .execute([envelope(orderClosed.type, { ...data, closed_at: instant() })]);
    one.service.clock.moveBy({ minutes: 1 });
    const refundedAt = one.service.clock.now();
    const { reference, amount_minor: amountMinor, currency } = request;
    const payment = { provider: 'cash', reference, amountMinor, currency };
    await recordRefunds(one.service.app.get(Transactions), [refund(payment)], refundedAt);
    const owing = { currency: 'EUR', posted_minor: 0, reserved_minor: 0, available_minor: 0, owed_minor: 900 };
    expect(await balances()).toMatchObject([owing]);
    one.service.clock.moveBy({ minutes: 1 });
    await register(cash({ amount_minor: 1_200 }));
    expect(await balances()).toMatchObject([{ posted_minor: 300, available_minor: 300, owed_minor: 0 }]);
    const then = await one.rpc.request(getAccount, { person_id: one.personId, at: refundedAt.toString() });
    expect(then.balances).toMatchObject([owing]);
    const before = refundedAt.subtract({ seconds: 1 }).toString();
    expect((await one.rpc.request(getAccount, { person_id: one.personId, at: before })).balances).toMatchObject([
      { posted_minor: 100, owed_minor: 0 },
    ]);
  });

  it('is in the order of its versions, even when the clocks of several instances disagree', async () => {
    const start = one.service.clock.now();
    const minutes = [0, 10, 5, 6];
    for (const minute of minutes) {
      one.service.clock.moveBy(one.service.clock.now().until(start.add({ minutes: minute })));
      await register(cash());
    }
    const pages = await Promise.all(
      minutes.map((_, index) =>
        one.rpc.request(listAccountEntries, { person_id: one.personId, page: index + 1, limit: 1 }),
      ),
    );
    expect(pages.flatMap(({ items }) => items.map(({ version }) => version))).toEqual([4, 3, 2, 1]);
    const at = start.add({ minutes: 7 }).toString();
    expect((await one.rpc.request(getAccount, { person_id: one.personId, at })).balances).toMatchObject([
      { posted_minor: 1_000, version: 1 },
    ]);
  });

  it('has the statement of any instant, which ends at the balance of that instant', async () => {
    const start = one.service.clock.now();
    const at = (minute: number) => start.add({ minutes: minute });
    for (const [minute, currency] of [
      [0, 'EUR'],
      [2, 'USD'],
      [4, 'EUR'],
      [3, 'EUR'],
      [6, 'EUR'],
    ] as const) {
      one.service.clock.moveBy(one.service.clock.now().until(at(minute)));
      await register(cash({ currency }));
    }
    const statement = (minute: number, more: object = {}) =>
      one.rpc.request(listAccountEntries, { person_id: one.personId, at: at(minute).toString(), ...more });
    const shown = ({ items, total }: Awaited<ReturnType<typeof statement>>) => [
      total,
      ...items.map(({ currency, version }) => `${currency} ${String(version)}`),
    ];
    expect(shown(await statement(-1))).toEqual([0]);
    expect(shown(await statement(2))).toEqual([2, 'USD 1', 'EUR 1']);
    // The clock that posted the third one was behind that of the second one.
    expect(shown(await statement(3))).toEqual([2, 'USD 1', 'EUR 1']);
    expect(shown(await statement(4))).toEqual([4, 'EUR 3', 'EUR 2', 'USD 1', 'EUR 1']);
    expect(shown(await statement(4, { currency: 'USD' }))).toEqual([1, 'USD 1']);
    for (const minute of [2, 3, 4, 6]) {
      const { items } = await statement(minute, { currency: 'EUR' });
      const instant = at(minute).toString();
      const { balances } = await one.rpc.request(getAccount, { person_id: one.personId, at: instant });
      const euros = balances.find(({ currency }) => currency === 'EUR');
      expect([items[0]?.balance_after_minor, items.length]).toEqual([euros?.posted_minor, euros?.version]);
    }
    // It goes on page by page, and a cursor of another instant brings nothing later.
    const first = await statement(4, { limit: 2 });
    expect(shown(await statement(4, { limit: 2, after: first.next_cursor }))).toEqual([4, 'USD 1', 'EUR 1']);
    const newest = await one.rpc.request(listAccountEntries, { person_id: one.personId, limit: 1 });
    const continued = await statement(3, { after: newest.next_cursor });
    expect(shown(continued)).toEqual([2, 'USD 1', 'EUR 1']);
  });

  it('never has less than nothing to spend, even when the clocks of several instances disagree', async () => {
    const start = one.service.clock.now();
    const clockAt = (minute: number) =>
      one.service.clock.moveBy(one.service.clock.now().until(start.add({ minutes: minute })));
    for (const minute of [0, 10, 5]) {
      clockAt(minute);
      await register(cash());
    }
    const data = orderData(2_500);
    const balances = () =>
      Promise.all(
        Array.from({ length: 12 }, async (_, minute) => {
          const instant = start.add({ minutes: minute }).toString();
          const [balance] = (await one.rpc.request(getAccount, { person_id: one.personId, at: instant })).balances;
          return [balance?.posted_minor, balance?.reserved_minor, balance?.available_minor];
        }),
      );
    clockAt(4);
    await open(data);
    const beforeTheOrder = Array.from({ length: 4 }, () => [1_000, 0, 1_000]);
    const untilAllIsCredited = Array.from({ length: 6 }, () => [1_000, 1_000, 0]);
    const since = (balance: number[]) => Array.from({ length: 2 }, () => balance);
    expect(await balances()).toEqual([...beforeTheOrder, ...untilAllIsCredited, ...since([3_000, 2_500, 500])]);
    clockAt(6);
    await one.service.app
      .get(SettleReceivables)
      .execute([envelope(orderClosed.type, { ...data, closed_at: instant() })]);
    expect(await balances()).toEqual([...beforeTheOrder, ...untilAllIsCredited, ...since([500, 0, 500])]);
  });

  it('of a stranger has no balances', async () => {
    expect((await one.rpc.request(getAccount, { person_id: newId() })).balances).toEqual([]);
  });
});

describe('the money of an order', () => {
  const money = (orderId: string, visibleTo: string | null = null) =>
    one.rpc.request(getOrderMoney, { order_id: orderId, visible_to: visibleTo });

  it('is followed from opening to the class', async () => {
    const data = orderData(900);
    await open(data);
    expect((await money(data.order_id)).receivable).toMatchObject({
      state: 'open',
      explanation: 'It waits for 9.00 EUR; 0.00 EUR are available.',
    });
    await register(cash({ order_id: data.order_id }));
    expect((await money(data.order_id)).receivable?.explanation).toBe('9.00 EUR are reserved until the order closes.');
    await one.service.app
      .get(SettleReceivables)
      .execute([envelope(orderClosed.type, { ...data, closed_at: instant() })]);
    const trail = await money(data.order_id);
    expect(trail.receivable?.explanation).toBe('9.00 EUR stand on the class’s account.');
    expect(trail.payments).toHaveLength(1);
    expect(trail.transfers.map(({ movement, state, from, to }) => [movement, state, from, to])).toEqual([
      ['register-payment', 'posted', 'provider_clearing cash', `person ${one.personId}`],
      ['reserve', 'posted', `person ${one.personId}`, `class ${data.class_id}`],
    ]);
  });

  it('says what is still to be paid, and what the balance pays of it', async () => {
    const [older, younger] = [orderData(4_900), orderData(3_000)];
    await open(older);
    one.service.clock.moveBy({ seconds: 1 });
    await open({ ...younger, opened_at: instant() });
    await register(cash({ amount_minor: 2_000 }));
    const lacking = async ({ order_id }: typeof older) => {
      const { lacks_minor, balance_minor, debt_minor } = (await money(order_id)).receivable ?? {};
      return [lacks_minor, balance_minor, debt_minor];
    };
    expect([await lacking(older), await lacking(younger)]).toEqual([
      [2_900, 2_000, 0],
      [3_000, 0, 0],
    ]);
    await register(cash({ amount_minor: 2_900, order_id: older.order_id }));
    expect(await lacking(older)).toEqual([0, 0, 0]);
  });

  it('says which payment covered it, though that one named no order', async () => {
    const [first, second] = [orderData(4_900), orderData(4_000)];
    await open(first);
    const surplus = await register(cash({ order_id: first.order_id, amount_minor: 6_000 }));
    await open(second);
    const rest = await register(cash({ amount_minor: 2_900 }));
    expect(rest.order_id).toBeNull();
    const trail = await money(second.order_id);
    expect(trail.transfers).toMatchObject([{ movement: 'reserve', payment_id: rest.payment_id }]);
    expect(trail.payments).toEqual([rest]);
    const { payments, transfers } = await money(first.order_id);
    expect(payments.map((each) => each.payment_id)).toEqual([surplus.payment_id]);
    expect(transfers.map((each) => each.payment_id)).toEqual([surplus.payment_id, surplus.payment_id]);
  });

  it('is followed back to the payer', async () => {
    const data = orderData(900);
    await open(data);
    const { reference, amount_minor: amountMinor, currency } = await register(cash({ order_id: data.order_id }));
    const payment = { provider: 'cash', reference, amountMinor, currency };
    const refunded = refund(payment, { amountMinor: 500 });
    const disputed = refund(payment, { kind: 'dispute', amountMinor: 50 });
    for (const refundNotice of [refunded, { ...refunded, reinstated: true }, disputed]) {
      one.service.clock.moveBy({ seconds: 1 });
      await recordRefunds(one.service.app.get(Transactions), [refundNotice], one.service.clock.now());
    }
    const { payments, transfers } = await money(data.order_id);
    expect(payments).toMatchObject([{ refunded_minor: 50 }]);
    expect(transfers.map(({ movement, amount_minor, from, to }) => [movement, amount_minor, from, to])).toEqual([
      ['register-payment', 1_000, 'provider_clearing cash', `person ${one.personId}`],
      ['reserve', 900, `person ${one.personId}`, `class ${data.class_id}`],
      ['raise-debt', 400, `debt ${one.personId}`, `person ${one.personId}`],
      ['refund-payment', 500, `person ${one.personId}`, 'provider_clearing cash'],
      ['reinstate-refund', 500, 'provider_clearing cash', `person ${one.personId}`],
      ['dispute-payment', 50, `person ${one.personId}`, 'provider_clearing cash'],
    ]);
  });

  it('is shown to a member without the payments, references and orders of others', async () => {
    const friend = newId();
    await one.admit(friend);
    const data = orderData(900);
    const friends = { ...orderData(700), person_id: friend };
    await open(data);
    await open(friends);
    // Each names the member's order: the friend's money stays the friend's, and a stranger's waits in suspense.
    const theirs = await register(cash({ person_id: friend, order_id: data.order_id, amount_minor: 700 }));
    const strangers = await register(cash({ person_id: newId(), order_id: data.order_id }));
    const own = await register(cash({ order_id: data.order_id }));
    const hidden = [friend, friends.order_id, theirs, strangers].flatMap((each) =>
      typeof each === 'string' ? [each] : [each.payment_id, each.reference],
    );

    const all = await money(data.order_id);
    for (const secret of [theirs.reference, strangers.reference]) expect(JSON.stringify(all)).toContain(secret);
    const seen = await money(data.order_id, one.personId);
    expect(seen.payments).toEqual([own]);
    expect(seen.transfers.map(({ movement, from, to }) => [movement, from, to])).toEqual([
      ['register-payment', 'provider_clearing cash', `person ${one.personId}`],
      ['reserve', `person ${one.personId}`, `class ${data.class_id}`],
    ]);
    expect(seen.receivable).toEqual(all.receivable);
    for (const secret of hidden) expect(JSON.stringify(seen)).not.toContain(secret);
    // The friend does not own the order. Subscriptions refuses them; payments alone shows them their own money only.
    const seenByFriend = await money(data.order_id, friend);
    expect(seenByFriend).toMatchObject({ receivable: null, payments: [{ payment_id: theirs.payment_id }] });
    expect(JSON.stringify(seenByFriend)).not.toContain(own.reference);
  });

  it('of an order that ended is the person’s, with the reason', async () => {
    const data = orderData(900);
    const cancelled = { ...data, ended_at: instant(), reason: 'changed their mind' };
    const withdraw = one.service.app.get(WithdrawReceivables);
    const message = envelope(orderCancelled.type, cancelled);
    await withdraw.execute([message]);
    await withdraw.execute([message]);
    expect((await money(data.order_id)).receivable?.explanation).toBe(
      'The order ended (changed their mind); nothing is reserved for it.',
    );
  });

  it('of an order without a receivable is nothing', async () => {
    const orderId = newId();
    expect(await money(orderId)).toEqual({ order_id: orderId, receivable: null, payments: [], transfers: [] });
  });
});

describe('the trial balance', () => {
  it('balances', async () => {
    await register(cash());
    const { balanced, currencies } = await one.rpc.request(getTrialBalance, {});
    expect(balanced).toBe(true);
    const euros = currencies.find(({ currency }) => currency === 'EUR');
    expect(euros?.sum_minor).toBe(0);
    expect(euros?.accounts.map(({ kind }) => kind)).toEqual([
      'class',
      'debt',
      'person',
      'provider_clearing',
      'suspense',
    ]);
  });
});
