import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import type { RequestOf, ResponseOf } from '#contracts/contract.js';
import { getAccount, getOrderMoney } from '#contracts/payments/accounts.js';
import { beginCheckout } from '#contracts/payments/checkout.js';
import { type getOrder, orderClosed } from '#contracts/subscriptions/orders.js';
import { newId } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import { Transactions } from '#persistence/transaction.js';
import { MovableClock } from '../../../../test/support/movable-clock.js';
import { EmulatedProvider, emulatedKey } from '../../../../test/support/services/emulated-provider.js';
import { pretendService } from '../../../../test/support/services/stub-service.js';
import { refund } from '../../test/ledger-fixture.js';
import { recordRefunds } from '../../test/movements.js';
import { PayingPerson } from '../../test/paying-person.js';
import { secrets } from '../../test/payments-app.js';
import { SettleReceivables } from '../receivables/settle-receivables.js';

type Order = ResponseOf<typeof getOrder>;

let provider: EmulatedProvider;
const one = PayingPerson.inEachTest(async () => {
  provider = await EmulatedProvider.start(secrets.stripe, () => one.service.url);
  return {
    // Stripe's bounds are those of the real time.
    clock: new MovableClock(Temporal.Now.instant()),
    environment: {
      STRIPE_API_KEY: emulatedKey,
      STRIPE_API_URL: provider.url,
      CONSOLE_URL: 'https://console.school.test/',
    },
  };
});
const { orderData, open, cash, register } = one;

/** What subscriptions says of orders. */
const orders = new Map<string, Order>();
let subscriptions: INestApplication;
beforeAll(async () => {
  subscriptions = await pretendService('subscriptions', async (_, { data }) => {
    const { order_id: orderId, visible_to: visibleTo } = data as RequestOf<typeof getOrder>;
    const order = orders.get(orderId);
    if (order && (visibleTo === null || visibleTo === order.person_id)) return { answer: order };
    return { refusal: new Refusal('ORDER_NOT_FOUND', 'There is no such order.') };
  });
});
beforeEach(() => orders.clear());
afterAll(async () => {
  await subscriptions.close();
  await provider.close();
});

/** An order that subscriptions has, and payments too unless it is `unseen`. */
async function order(amountMinor: number, more: Partial<Order> = {}, unseen = false): Promise<Order> {
  one.service.clock.moveBy({ milliseconds: 1 });
  const data = { ...orderData(amountMinor), ...(more.currency && { currency: more.currency }) };
  if (!unseen) await open(data);
  const made = {
    ...data,
    class_title: 'Pottery for beginners',
    state: 'opened',
    waits_for: 'payment',
    wait_explanation: null,
    approval_required: false,
    parameters: {},
    trace: [],
    tolerance_minor: 0,
    discount_minor: 0,
    discounts: [],
    rule_id: newId(),
    rule_version: 1,
    explanation: 'A price.',
    expires_at: one.service.clock.now().add({ hours: 48 }).toString(),
    confirmed_at: null,
    closed_at: null,
    settled_at: null,
    ended_at: null,
    end_reason: null,
    replaces_order_id: null,
    period: 0,
    due_date: null,
    ...more,
  } as Order;
  orders.set(made.order_id, made);
  return made;
}

const begin = ({ order_id }: Order, commandId = newId(), visible_to: string | null = one.personId) =>
  one.rpc.request(beginCheckout, { order_id, visible_to }, { commandId });
/** The person owes us the money of a class that they are in: its payment was refunded. */
async function owe(amountMinor: number): Promise<void> {
  const data = orderData(amountMinor);
  await open(data);
  const paid = cash({ amount_minor: amountMinor, order_id: data.order_id });
  await register(paid);
  const settle = one.service.app.get(SettleReceivables);
  await settle.execute([one.envelope(orderClosed.type, { ...data, closed_at: one.instant() })]);
  const payment = { provider: 'cash', reference: paid.reference, amountMinor, currency: 'EUR' };
  await recordRefunds(one.service.app.get(Transactions), [refund(payment)], one.service.clock.now());
}

const state = async ({ order_id }: Order) =>
  (await one.rpc.request(getOrderMoney, { order_id, visible_to: null })).receivable?.state;
const available = async () =>
  (await one.rpc.request(getAccount, { person_id: one.personId })).balances[0]?.available_minor ?? 0;
const notPayable = (details: object) => ({ code: 'ORDER_NOT_PAYABLE', details: expect.objectContaining(details) });

describe('the payment page of an order', () => {
  it('asks for the whole amount, names order and person, and comes back to the order in the console', async () => {
    const wanted = await order(4_900);
    const checkout = await begin(wanted);
    expect(checkout).toMatchObject({ amount_minor: 4_900, currency: 'EUR', balance_minor: 0, debt_minor: 0 });
    const { session } = await provider.page(checkout.url);
    expect(session).toMatchObject({
      title: 'Pottery for beginners',
      amount: 4_900,
      currency: 'eur',
      metadata: { order_id: wanted.order_id, person_id: one.personId },
      successUrl: `https://console.school.test/orders/${wanted.order_id}?paid=yes`,
    });
    await provider.act(checkout.url, 'pay');
    expect([await state(wanted), await available()]).toEqual(['reserved', 0]);
  });

  it('is the same one for a repeat, for another key, and for simultaneous requests', async () => {
    const wanted = await order(4_900);
    const key = newId();
    const several = await Promise.all([begin(wanted, key), begin(wanted, key), begin(wanted), begin(wanted)]);
    several.push(await begin(wanted), await begin(wanted, key));
    expect(new Set(several.map(({ url }) => url)).size).toBe(1);
    const other = await order(100);
    await expect(begin(other, key)).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  it('asks for what the balance lacks, once: the balance counts for the oldest order that waits', async () => {
    await register(cash({ amount_minor: 2_000 }));
    const [older, younger] = [await order(4_900), await order(3_000)];
    const first = await begin(older);
    expect(first).toMatchObject({ amount_minor: 2_900, balance_minor: 2_000 });
    const second = await begin(younger);
    expect(second).toMatchObject({ amount_minor: 3_000, balance_minor: 0 });
    await provider.act(second.url, 'pay');
    expect([await state(older), await state(younger), await available()]).toEqual(['open', 'reserved', 2_000]);
    await provider.act(first.url, 'pay');
    expect([await state(older), await available()]).toEqual(['reserved', 0]);
  });

  it('asks for a debt on top, which the money repays first', async () => {
    await owe(1_000);
    const wanted = await order(4_900);
    const checkout = await begin(wanted);
    expect(checkout).toMatchObject({ amount_minor: 5_900, debt_minor: 1_000 });
    await provider.act(checkout.url, 'pay');
    expect([await state(wanted), await available()]).toEqual(['reserved', 0]);
  });

  it('is replaced by one for the rest after a part was paid, and the old one takes nothing', async () => {
    const wanted = await order(4_900);
    const first = await begin(wanted);
    await register(cash({ amount_minor: 2_000, order_id: wanted.order_id }));
    const second = await begin(wanted);
    expect(second).toMatchObject({ amount_minor: 2_900, balance_minor: 2_000 });
    expect((await provider.page(first.url)).session.status).toBe('expired');
    await expect(provider.act(first.url, 'pay')).rejects.toThrow('The time to pay this is over.');
    await provider.act(second.url, 'pay-in-part', { amount: 900 });
    const third = await begin(wanted);
    expect(third).toMatchObject({ amount_minor: 2_000, balance_minor: 2_900 });
    await provider.act(third.url, 'pay');
    expect([await state(wanted), await available()]).toEqual(['reserved', 0]);
  });

  it('is refused while a payment on it has no notification yet', async () => {
    const wanted = await order(4_900);
    const first = await begin(wanted);
    const [late] = await provider.act(first.url, 'pay-late');
    await expect(begin(wanted)).rejects.toMatchObject(notPayable({ waits_for: 'payment', lacks_minor: 4_900 }));
    await provider.become(late, 'arrive');
    await expect(begin(wanted)).rejects.toMatchObject(notPayable({ waits_for: null, lacks_minor: 0 }));
  });

  it('is made again where its payment repaid a debt that came meanwhile', async () => {
    const wanted = await order(4_900);
    const first = await begin(wanted);
    await owe(4_900);
    await provider.act(first.url, 'pay');
    const again = await begin(wanted);
    expect([again.amount_minor, again.url === first.url]).toEqual([4_900, false]);
    await provider.act(again.url, 'pay');
    expect([await state(wanted), await available()]).toEqual(['reserved', 0]);
  });

  it('closes with the payment window, within the bounds of the provider', async () => {
    const now = one.service.clock.now();
    const minutesOf = async (expires_at: string) => {
      const { expires_at: end } = await begin(await order(4_900, { expires_at }));
      return Math.round(now.until(end).total('minutes'));
    };
    expect(await minutesOf(now.add({ hours: 2 }).toString())).toBe(120);
    expect(await minutesOf(now.add({ hours: 48 }).toString())).toBe(24 * 60 - 5);
    expect(await minutesOf(now.add({ minutes: 3 }).toString())).toBe(35);
  });

  it.each([
    ['JPY', 4_900, 4_900],
    ['KWD', 4_995, 5_000],
    ['ISK', 4_900, 490_000],
    ['MGA', 490_050, 4_901],
  ])('in %s asks for %d as the provider counts it: %d', async (currency, amountMinor, units) => {
    const wanted = await order(amountMinor, { currency });
    const checkout = await begin(wanted);
    expect((await provider.page(checkout.url)).session).toMatchObject({ amount: units });
    await provider.act(checkout.url, 'pay');
    expect(await state(wanted)).toBe('reserved');
  });

  it('is opened before order-opened has arrived', async () => {
    expect(await begin(await order(4_900, {}, true))).toMatchObject({ amount_minor: 4_900 });
  });
});

describe('no payment page', () => {
  it.each([
    ['confirmed', { waits_for: 'approval' }, { status: 'confirmed', waits_for: 'approval' }],
    ['closed', { waits_for: 'settlement' }, { status: 'closed', waits_for: 'settlement' }],
    ['closed', { waits_for: null }, { status: 'closed', waits_for: null }],
    ['cancelled', { waits_for: null }, { status: 'cancelled', waits_for: null }],
    ['expired', { waits_for: null }, { status: 'expired', waits_for: null }],
  ] as const)('is opened for an order that is %s', async (ended, more, details) => {
    const wanted = await order(4_900, { state: ended, ...more });
    await expect(begin(wanted)).rejects.toMatchObject(notPayable({ ...details, lacks_minor: 0 }));
  });

  it('is opened once the payment window is over, or money is reserved', async () => {
    const over = await order(4_900, { expires_at: one.service.clock.now().toString() });
    await expect(begin(over)).rejects.toMatchObject(notPayable({ status: 'opened' }));
    const paid = await order(1_000);
    await register(cash({ order_id: paid.order_id }));
    await expect(begin(paid)).rejects.toMatchObject(notPayable({ status: 'opened', waits_for: null }));
  });

  it('is opened for somebody else, and an admin may open each', async () => {
    const wanted = await order(4_900);
    await expect(begin(wanted, newId(), newId())).rejects.toMatchObject({ code: 'ORDER_NOT_FOUND' });
    expect(await begin(wanted, newId(), null)).toMatchObject({ amount_minor: 4_900 });
  });

  it('is opened for less than the provider takes; a repeat of the key is decided again', async () => {
    const wanted = await order(30);
    const key = newId();
    await expect(begin(wanted, key)).rejects.toMatchObject({
      code: 'CHECKOUT_REFUSED',
      details: { reason: 'amount_too_small' },
    });
    orders.set(wanted.order_id, { ...wanted, amount_minor: 4_900 });
    expect(await begin(wanted, key)).toMatchObject({ amount_minor: 4_900 });
  });
});
