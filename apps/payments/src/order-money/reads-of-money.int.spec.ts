import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import {
  getAccount,
  getOrderMoney,
  getTrialBalance,
  listAccountEntries,
  registerPayment,
} from '#contracts/payments/payments.js';
import { orderCancelled, orderClosed, orderOpened } from '#contracts/subscriptions/orders.js';
import { personRegistered } from '#contracts/subscriptions/persons.js';
import { newId } from '#kernel/ids.js';
import { RpcClient } from '#messaging/requests/rpc-client.js';
import { Transactions } from '#persistence/transaction.js';
import { someOrder } from '../../../../test/support/messages/order-events.js';
import { refund } from '../../test/ledger-fixture.js';
import { recordRefunds } from '../../test/movements.js';
import { type PaymentsApp, startPayments } from '../../test/payments-app.js';
import { AdmitPersons } from '../persons/admit-persons.js';
import { OpenReceivables } from '../receivables/open-receivables.js';
import { SettleReceivables } from '../receivables/settle-receivables.js';
import { WithdrawReceivables } from '../receivables/withdraw-receivables.js';
import { verifyLedger } from '../verification/verify-ledger.js';

let service: PaymentsApp;
let rpc: RpcClient;
let personId: string;
let reference = 0;

beforeAll(async () => {
  service = await startPayments();
  rpc = service.app.get(RpcClient);
});

beforeEach(async () => {
  personId = newId();
  await service.app.get(AdmitPersons).execute([envelope(personRegistered.type, person(personId))]);
});

afterAll(async () => {
  expect((await verifyLedger(service.databaseUrl)).violations).toEqual([]);
  await service.close();
});

const instant = () => service.clock.now().toString();

function envelope<Data>(type: string, data: Data) {
  const id = newId();
  return {
    id,
    source: 'subscriptions',
    type,
    subject: id,
    time: service.clock.now(),
    traceparent: undefined,
    correlationId: id,
    causationId: undefined,
    data,
  };
}

const person = (person_id: string) => ({
  person_id,
  name: 'Ada',
  username: 'ada',
  email: 'ada@example.org',
  registered_at: instant(),
});

const orderData = (amountMinor: number) =>
  someOrder({ person_id: personId, amount_minor: amountMinor, opened_at: instant() });

function cash(details: Partial<z.input<typeof registerPayment.request>> = {}) {
  reference += 1;
  return {
    person_id: personId,
    amount_minor: 1_000,
    currency: 'EUR',
    method: 'cash' as const,
    reference: `receipt ${reference}`,
    ...details,
  };
}

const ask = (request: z.input<typeof registerPayment.request>, commandId = newId()) =>
  rpc.request(registerPayment, request, { commandId });
const account = async () => (await rpc.request(getAccount, { person_id: personId })).balances;

describe('an account', () => {
  it('is read now, as it stood at any instant, and entry by entry', async () => {
    const data = orderData(300);
    const opened = service.clock.now();
    await service.app.get(OpenReceivables).execute([envelope(orderOpened.type, data)]);
    service.clock.moveBy({ minutes: 1 });
    const paidAt = service.clock.now();
    await ask(cash());
    service.clock.moveBy({ minutes: 1 });
    const closedAt = service.clock.now();
    await service.app.get(SettleReceivables).execute([envelope(orderClosed.type, { ...data, closed_at: instant() })]);

    const at = async (moment: Temporal.Instant) =>
      (await rpc.request(getAccount, { person_id: personId, at: moment.toString() })).balances;
    const euros = { currency: 'EUR', owed_minor: 0 };
    expect(await at(opened)).toEqual([]);
    expect(await at(paidAt)).toEqual([
      { ...euros, posted_minor: 1_000, reserved_minor: 300, available_minor: 700, version: 1 },
    ]);
    const today = [{ ...euros, posted_minor: 700, reserved_minor: 0, available_minor: 700, version: 2 }];
    expect(await at(closedAt)).toEqual(today);
    expect(await account()).toEqual(today);

    const { items, total } = await rpc.request(listAccountEntries, { person_id: personId });
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
    const second = await rpc.request(listAccountEntries, { person_id: personId, page: 2, limit: 1 });
    expect(second.items).toEqual([items[1]]);
  });

  it('says what the person owes, now and then', async () => {
    const data = orderData(900);
    const request = cash();
    await service.app.get(OpenReceivables).execute([envelope(orderOpened.type, data)]);
    await ask(request);
    await service.app.get(SettleReceivables).execute([envelope(orderClosed.type, { ...data, closed_at: instant() })]);
    service.clock.moveBy({ minutes: 1 });
    const refundedAt = service.clock.now();
    const { reference, amount_minor: amountMinor, currency } = request;
    const payment = { provider: 'cash', reference, amountMinor, currency };
    await recordRefunds(service.app.get(Transactions), [refund(payment)], refundedAt);
    const owing = { currency: 'EUR', posted_minor: 0, reserved_minor: 0, available_minor: 0, owed_minor: 900 };
    expect(await account()).toMatchObject([owing]);
    service.clock.moveBy({ minutes: 1 });
    await ask(cash({ amount_minor: 1_200 }));
    expect(await account()).toMatchObject([{ posted_minor: 300, available_minor: 300, owed_minor: 0 }]);
    const then = await rpc.request(getAccount, { person_id: personId, at: refundedAt.toString() });
    expect(then.balances).toMatchObject([owing]);
    const before = refundedAt.subtract({ seconds: 1 }).toString();
    expect((await rpc.request(getAccount, { person_id: personId, at: before })).balances).toMatchObject([
      { posted_minor: 100, owed_minor: 0 },
    ]);
  });

  it('is in the order of its versions, even when the clocks of several instances disagree', async () => {
    const start = service.clock.now();
    const minutes = [0, 10, 5, 6];
    for (const minute of minutes) {
      service.clock.moveBy(service.clock.now().until(start.add({ minutes: minute })));
      await ask(cash());
    }
    const pages = await Promise.all(
      minutes.map((_, index) => rpc.request(listAccountEntries, { person_id: personId, page: index + 1, limit: 1 })),
    );
    expect(pages.flatMap(({ items }) => items.map(({ version }) => version))).toEqual([4, 3, 2, 1]);
    const at = start.add({ minutes: 7 }).toString();
    expect((await rpc.request(getAccount, { person_id: personId, at })).balances).toMatchObject([
      { posted_minor: 1_000, version: 1 },
    ]);
  });

  it('never has less than nothing to spend, even when the clocks of several instances disagree', async () => {
    const start = service.clock.now();
    const clockAt = (minute: number) => service.clock.moveBy(service.clock.now().until(start.add({ minutes: minute })));
    for (const minute of [0, 10, 5]) {
      clockAt(minute);
      await ask(cash());
    }
    const data = orderData(2_500);
    const balances = () =>
      Promise.all(
        Array.from({ length: 12 }, async (_, minute) => {
          const instant = start.add({ minutes: minute }).toString();
          const [balance] = (await rpc.request(getAccount, { person_id: personId, at: instant })).balances;
          return [balance?.posted_minor, balance?.reserved_minor, balance?.available_minor];
        }),
      );
    clockAt(4);
    await service.app.get(OpenReceivables).execute([envelope(orderOpened.type, data)]);
    const beforeTheOrder = Array.from({ length: 4 }, () => [1_000, 0, 1_000]);
    const untilAllIsCredited = Array.from({ length: 6 }, () => [1_000, 1_000, 0]);
    const since = (balance: number[]) => Array.from({ length: 2 }, () => balance);
    expect(await balances()).toEqual([...beforeTheOrder, ...untilAllIsCredited, ...since([3_000, 2_500, 500])]);
    clockAt(6);
    await service.app.get(SettleReceivables).execute([envelope(orderClosed.type, { ...data, closed_at: instant() })]);
    expect(await balances()).toEqual([...beforeTheOrder, ...untilAllIsCredited, ...since([500, 0, 500])]);
  });

  it('of a stranger has no balances', async () => {
    expect((await rpc.request(getAccount, { person_id: newId() })).balances).toEqual([]);
  });
});

describe('the money of an order', () => {
  const money = (orderId: string) => rpc.request(getOrderMoney, { order_id: orderId });

  it('is followed from opening to the class', async () => {
    const data = orderData(900);
    await service.app.get(OpenReceivables).execute([envelope(orderOpened.type, data)]);
    expect((await money(data.order_id)).receivable).toMatchObject({
      state: 'open',
      explanation: 'It waits for 9.00 EUR; the person has 0.00 EUR to spend.',
    });
    await ask(cash({ order_id: data.order_id }));
    expect((await money(data.order_id)).receivable?.explanation).toBe(
      '9.00 EUR of the person’s money are reserved until the order closes.',
    );
    await service.app.get(SettleReceivables).execute([envelope(orderClosed.type, { ...data, closed_at: instant() })]);
    const trail = await money(data.order_id);
    expect(trail.receivable?.explanation).toBe('9.00 EUR stand on the class’s account.');
    expect(trail.payments).toHaveLength(1);
    expect(trail.transfers.map(({ movement, state, from, to }) => [movement, state, from, to])).toEqual([
      ['register-payment', 'posted', 'provider_clearing cash', `person ${personId}`],
      ['reserve', 'posted', `person ${personId}`, `class ${data.class_id}`],
    ]);
  });

  it('says which payment covered it, though that one named no order', async () => {
    const [first, second] = [orderData(4_900), orderData(4_000)];
    await service.app.get(OpenReceivables).execute([envelope(orderOpened.type, first)]);
    const surplus = await ask(cash({ order_id: first.order_id, amount_minor: 6_000 }));
    await service.app.get(OpenReceivables).execute([envelope(orderOpened.type, second)]);
    const rest = await ask(cash({ amount_minor: 2_900 }));
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
    await service.app.get(OpenReceivables).execute([envelope(orderOpened.type, data)]);
    const { reference, amount_minor: amountMinor, currency } = await ask(cash({ order_id: data.order_id }));
    const payment = { provider: 'cash', reference, amountMinor, currency };
    const refunded = refund(payment, { amountMinor: 500 });
    const disputed = refund(payment, { kind: 'dispute', amountMinor: 50 });
    for (const refundNotice of [refunded, { ...refunded, reinstated: true }, disputed]) {
      service.clock.moveBy({ seconds: 1 });
      await recordRefunds(service.app.get(Transactions), [refundNotice], service.clock.now());
    }
    const { payments, transfers } = await money(data.order_id);
    expect(payments).toMatchObject([{ refunded_minor: 50 }]);
    expect(transfers.map(({ movement, amount_minor, from, to }) => [movement, amount_minor, from, to])).toEqual([
      ['register-payment', 1_000, 'provider_clearing cash', `person ${personId}`],
      ['reserve', 900, `person ${personId}`, `class ${data.class_id}`],
      ['raise-debt', 400, `debt ${personId}`, `person ${personId}`],
      ['refund-payment', 500, `person ${personId}`, 'provider_clearing cash'],
      ['reinstate-refund', 500, 'provider_clearing cash', `person ${personId}`],
      ['dispute-payment', 50, `person ${personId}`, 'provider_clearing cash'],
    ]);
  });

  it('of an order that ended is the person’s, with the reason', async () => {
    const data = orderData(900);
    const cancelled = { ...data, ended_at: instant(), reason: 'changed their mind' };
    const withdraw = service.app.get(WithdrawReceivables);
    const message = envelope(orderCancelled.type, cancelled);
    await withdraw.execute([message]);
    await withdraw.execute([message]);
    expect((await money(data.order_id)).receivable?.explanation).toBe(
      'The order ended (changed their mind); nothing is reserved for it, and its money is the person’s.',
    );
  });

  it('of an order without a receivable is nothing', async () => {
    const orderId = newId();
    expect(await money(orderId)).toEqual({ order_id: orderId, receivable: null, payments: [], transfers: [] });
  });
});

describe('the trial balance', () => {
  it('balances', async () => {
    await ask(cash());
    const { balanced, currencies } = await rpc.request(getTrialBalance, {});
    expect(balanced).toBe(true);
    const euros = currencies.find(({ currency }) => currency === 'EUR');
    expect(euros?.sum_minor).toBe(0);
    expect(euros?.accounts.map(({ kind }) => kind)).toEqual(['class', 'debt', 'person', 'provider_clearing']);
  });
});
