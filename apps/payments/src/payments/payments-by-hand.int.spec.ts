import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import amqp from 'amqplib';
import type { RequestOf } from '#contracts/contract.js';
import { getAccount, getTrialBalance } from '#contracts/payments/accounts.js';
import { assignPayment, dismissPayment, listUnmatchedPayments } from '#contracts/payments/payments.js';
import type { findPersons } from '#contracts/subscriptions/persons.js';
import { newId } from '#kernel/ids.js';
import { requestQueue } from '#messaging/connection/topology.js';
import { ServiceUnavailable } from '#messaging/faults.js';
import { testBrokerUrl } from '../../../../test/support/servers/test-broker.js';
import { pretendService } from '../../../../test/support/services/stub-service.js';
import { PayingPerson } from '../../test/paying-person.js';

const one = PayingPerson.inEachTest();
const { instant, person, admit, orderData, open, cash, register, balances } = one;

describe('a payment registered by hand', () => {
  it('funds orders and answers with what it did, again and again', async () => {
    const data = orderData(600);
    await open(data);
    const request = cash({ order_id: data.order_id });
    const commandId = newId();
    const answer = await register(request, commandId);
    expect(answer).toEqual({
      payment_id: expect.any(String),
      provider: 'cash',
      reference: request.reference,
      amount_minor: 1_000,
      currency: 'EUR',
      person_id: one.personId,
      order_id: data.order_id,
      refunded_minor: 0,
      extras_minor: 0,
      funded_orders: [{ order_id: data.order_id, amount_minor: 600, transfer_id: expect.any(String) }],
      received_at: null,
      registered_at: instant(),
    });
    expect(await register(request, commandId)).toEqual(answer);
    expect(await register(request)).toEqual(answer);
    expect(await balances()).toEqual([
      { currency: 'EUR', posted_minor: 1_000, reserved_minor: 600, available_minor: 400, owed_minor: 0, version: 1 },
    ]);
  });

  it('is refused under a reference that stands for another payment', async () => {
    const request = cash();
    await register(request);
    await expect(register({ ...request, amount_minor: 5 })).rejects.toMatchObject({ code: 'PAYMENT_REFERENCE_REUSED' });
    expect((await balances())[0]?.posted_minor).toBe(1_000);
  });

  it('is refused under a command id that stood for another request, and a refusal stays a refusal', async () => {
    const commandId = newId();
    const request = cash({ currency: 'XYZ' });
    await expect(register(request, commandId)).rejects.toMatchObject({ code: 'CURRENCY_UNKNOWN' });
    await expect(register(request, commandId)).rejects.toMatchObject({ code: 'CURRENCY_UNKNOWN' });
    await expect(register(cash(), commandId)).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    expect(await balances()).toEqual([]);
  });

  it('keeps when the money was received, which is not after now', async () => {
    const request = cash({ received_at: '2026-01-05T10:00:00+02:00' });
    expect(await register(request)).toMatchObject({ received_at: '2026-01-05T08:00:00Z' });
    const ahead = Temporal.Now.instant()
      .add({ hours: 24 * 400 })
      .toString();
    await expect(register(cash({ received_at: ahead }))).rejects.toMatchObject({
      code: 'RECEIVED_IN_FUTURE',
      details: { field: 'received_at' },
    });
  });

  it('is refused for nobody', async () => {
    await expect(register(cash({ person_id: undefined }))).rejects.toMatchObject({ code: 'PAYEE_MISSING' });
  });

  it('asked for twenty times at once is one payment', async () => {
    const request = cash();
    const answers = await Promise.all(Array.from({ length: 20 }, () => register(request)));
    expect(new Set(answers.map(({ payment_id }) => payment_id)).size).toBe(1);
    expect((await balances())[0]?.posted_minor).toBe(1_000);
  });
});

describe('money in suspense', () => {
  let subscriptions: INestApplication;
  /** Persons who are registered in subscriptions, projected by payments or not. */
  const registered: string[] = [];

  const startSubscriptions = () =>
    pretendService('subscriptions', async (_, { data }) => {
      const { person_ids: ids } = data as RequestOf<typeof findPersons>;
      return { answer: { persons: ids.filter((id) => registered.includes(id)).map(person) } };
    });
  const stopSubscriptions = async () => {
    await subscriptions.close();
    const connection = await amqp.connect(testBrokerUrl());
    const channel = await connection.createChannel();
    await channel.deleteQueue(requestQueue('subscriptions'));
    await connection.close();
  };
  beforeAll(async () => {
    subscriptions = await startSubscriptions();
  });
  afterAll(stopSubscriptions);

  const assign = (paymentId: string, to: string, commandId = newId(), orderId?: string) =>
    one.rpc.request(
      assignPayment,
      { payment_id: paymentId, person_id: to, order_id: orderId, assigned_by: 'admin' },
      { commandId },
    );

  it('is listed, assigned once, and moves orders like any other', async () => {
    const data = orderData(700);
    await open(data);
    const stranger = newId();
    const lost = await register(cash({ person_id: stranger }));
    expect(lost.person_id).toBeNull();
    const { items, total } = await one.rpc.request(listUnmatchedPayments, {});
    expect(total).toBe(items.length);
    expect(items.at(-1)).toMatchObject({ payment_id: lost.payment_id, person_id_named: stranger, amount_minor: 1_000 });

    await expect(assign(lost.payment_id, newId())).rejects.toMatchObject({ code: 'PERSON_NOT_FOUND' });
    await expect(assign(newId(), one.personId)).rejects.toMatchObject({ code: 'PAYMENT_NOT_FOUND' });
    const settled = await Promise.allSettled([1, 2, 3].map(() => assign(lost.payment_id, one.personId)));
    const done = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(done).toEqual([
      expect.objectContaining({
        person_id: one.personId,
        funded_orders: [expect.objectContaining({ amount_minor: 700 })],
      }),
    ]);
    await expect(assign(lost.payment_id, one.personId)).rejects.toMatchObject({ code: 'PAYMENT_ALREADY_MATCHED' });
    expect((await balances())[0]).toMatchObject({ available_minor: 300, reserved_minor: 700 });
  });

  it('can be assigned to an order, which gets it before an older one that names nobody', async () => {
    const [older, younger] = [orderData(700), orderData(900)];
    await open(older);
    await open(younger);
    const lost = await register(cash({ person_id: newId(), order_id: older.order_id }));
    const assigned = await assign(lost.payment_id, one.personId, newId(), younger.order_id);
    expect(assigned).toMatchObject({
      order_id: younger.order_id,
      funded_orders: [{ order_id: younger.order_id, amount_minor: 900 }],
    });
  });

  it('that is not ours is dismissed with a note, once, to an account of its own', async () => {
    const lost = await register(cash({ person_id: newId() }));
    const dismiss = (note: string, paymentId = lost.payment_id) =>
      one.rpc.request(dismissPayment, { payment_id: paymentId, note, dismissed_by: 'admin' }, { commandId: newId() });
    const before = await foreignMoney();
    const first = await dismiss('the bookshop’s');
    expect(first).toEqual({
      payment_id: lost.payment_id,
      dismissed_at: instant(),
      dismissed_by: 'admin',
      note: 'the bookshop’s',
    });
    expect((await Promise.all([dismiss('again'), dismiss('again')])).map(({ note }) => note)).toEqual(
      Array(2).fill('the bookshop’s'),
    );
    expect((await foreignMoney()) - before).toBe(1_000);
    const listed = async (state: 'open' | 'dismissed') =>
      (await one.rpc.request(listUnmatchedPayments, { state, limit: 200 })).items.filter(
        ({ payment_id }) => payment_id === lost.payment_id,
      );
    expect(await listed('open')).toEqual([]);
    const { payment_id: _, ...dismissal } = first;
    expect(await listed('dismissed')).toMatchObject([{ amount_minor: 1_000, dismissal }]);

    await expect(dismiss('x', newId())).rejects.toMatchObject({ code: 'PAYMENT_NOT_FOUND' });
    const mine = await register(cash());
    await expect(dismiss('x', mine.payment_id)).rejects.toMatchObject({ code: 'PAYMENT_ALREADY_MATCHED' });

    await assign(lost.payment_id, one.personId);
    expect(await foreignMoney()).toBe(before);
    expect((await balances())[0]?.available_minor).toBe(2_000);
    await expect(dismiss('x')).rejects.toMatchObject({ code: 'PAYMENT_ALREADY_MATCHED' });
  });

  const foreignMoney = async () => {
    const { currencies } = await one.rpc.request(getTrialBalance, {});
    const euros = currencies.find(({ currency }) => currency === 'EUR');
    return euros?.accounts.find(({ kind }) => kind === 'foreign_money')?.balance_minor ?? 0;
  };

  it('is refused for an order that cannot get it, and stays in suspense', async () => {
    const mine = orderData(700);
    const foreign = { ...orderData(700), person_id: newId() };
    const dollars = { ...orderData(700), currency: 'USD' };
    for (const one of [mine, foreign, dollars]) await open(one);
    const lost = await register(cash({ person_id: newId() }));
    const refused = async (orderId: string, code: string) =>
      expect(assign(lost.payment_id, one.personId, newId(), orderId)).rejects.toMatchObject({ code });
    await refused(newId(), 'ORDER_NOT_FOUND');
    await refused(foreign.order_id, 'ORDER_OF_ANOTHER_PERSON');
    await refused(dollars.order_id, 'CURRENCY_MISMATCH');
    expect(await balances()).toEqual([]);
    expect(await assign(lost.payment_id, one.personId, newId(), mine.order_id)).toMatchObject({
      person_id: one.personId,
    });
  });

  it('can be assigned to a person who is not projected yet, and other payments that named the person are theirs too', async () => {
    const newcomer = newId();
    const [lost, alike] = [
      await register(cash({ person_id: newcomer })),
      await register(cash({ person_id: newcomer })),
    ];
    const elsewhere = await register(cash({ person_id: newId() }));
    registered.push(newcomer);
    const commandId = newId();
    const first = await assign(lost.payment_id, newcomer, commandId);
    expect(first).toMatchObject({ payment_id: lost.payment_id, person_id: newcomer });
    expect(await assign(lost.payment_id, newcomer, commandId)).toEqual(first);
    const balance = async () =>
      (await one.rpc.request(getAccount, { person_id: newcomer })).balances[0]?.available_minor;
    expect(await balance()).toBe(2_000);
    await expect(assign(alike.payment_id, newcomer)).rejects.toMatchObject({ code: 'PAYMENT_ALREADY_MATCHED' });

    await admit(newcomer);
    expect(await balance()).toBe(2_000);
    await assign(elsewhere.payment_id, newcomer);
    expect(await balance()).toBe(3_000);
  });

  it('waits while nobody can say whether somebody unknown exists', async () => {
    const newcomer = newId();
    const lost = await register(cash({ person_id: newId() }));
    registered.push(newcomer);
    await stopSubscriptions();
    const commandId = newId();
    await expect(assign(lost.payment_id, newcomer, commandId)).rejects.toBeInstanceOf(ServiceUnavailable);
    subscriptions = await startSubscriptions();
    expect(await assign(lost.payment_id, newcomer, commandId)).toMatchObject({ person_id: newcomer });
  });
});
