import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { proveInvariants, quiet, replayChangesNothing, rows } from '../support/stack/invariants.js';
import { Scenario } from '../support/stack/scenario.js';
import { Stack } from '../support/stack/stack.js';

describe('money, over two instances of every service', () => {
  let stack: Stack;
  let scenario: Scenario;

  beforeAll(async () => {
    stack = await Stack.start({ instances: 2, settings: { SWEEP_SECONDS: '1' } });
    scenario = await Scenario.on(stack);
  });
  afterAll(() => stack.stop());

  it('is credited once when one payment is notified fifty times at once', async () => {
    const student = await scenario.student();
    const orderId = await scenario.order(student, await scenario.class({ priceMinor: 2_000 }));
    const notification = scenario.notification({ amountMinor: 2_500, currency: 'EUR', orderId });
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, turn) => scenario.deliver(notification, turn % 2)),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200));
    expect(answers.filter(({ verdict }) => verdict === 'applied')).toHaveLength(1);
    expect(answers.filter(({ verdict }) => verdict === 'duplicate')).toHaveLength(49);
    await scenario.settled(orderId);
    expect(await scenario.balance(student.personId)).toEqual({ posted: 500, reserved: 0, available: 500 });
  });

  it('is credited once when two events report one payment', async () => {
    const student = await scenario.student();
    const paymentId = `pi_${randomUUID()}`;
    const events = { paymentId, amountMinor: 900, currency: 'EUR', personId: student.personId };
    const verdicts = [
      (await scenario.deliver(scenario.notification({ ...events, eventId: 'evt_first' }, 'stripe'))).verdict,
      (await scenario.deliver(scenario.notification({ ...events, eventId: 'evt_second' }, 'stripe'), 1)).verdict,
    ];
    expect(verdicts).toEqual(['applied', 'duplicate']);
    expect(await scenario.balance(student.personId)).toEqual({ posted: 900, reserved: 0, available: 900 });
  });

  it('of 49.98 for 50.00 pays the order where its class tolerates it, and the rest is written off by its name', async () => {
    const student = await scenario.student();
    const classId = await scenario.class({ priceMinor: 5_000, toleranceMinor: 2 });
    const orderId = await scenario.order(student, classId);
    await scenario.pay({ amountMinor: 4_998, orderId });
    await scenario.settled(orderId);
    expect(await scenario.balance(student.personId)).toEqual({ posted: 0, reserved: 0, available: 0 });
    const { body: money } = await student.api.get(`/orders/${orderId}/money`);
    expect(money.transfers).toContainEqual(
      expect.objectContaining({ movement: 'write-off', from: 'write_off shortfalls', amount_minor: 2 }),
    );
    const other = await scenario.order(student, await scenario.class({ priceMinor: 5_000 }));
    await scenario.pay({ amountMinor: 4_998, orderId: other });
    await quiet(stack);
    expect((await scenario.orderIn('opened', other)).state).toBe('opened');
  });

  it('that comes after its order expired opens another order where a seat is free, and is credit where none is', async () => {
    const [student, other] = [await scenario.student(), await scenario.student()];
    const classId = await scenario.class({ priceMinor: 700, capacity: 1 });
    const expire = async (orderId: string) => {
      await rows(stack, 'subscriptions', `update orders set expires_at = now() where id = '${orderId}'`);
      await scenario.orderIn('expired', orderId);
      await quiet(stack);
    };
    const lost = await scenario.order(other, classId);
    await expire(lost);
    const orderId = await scenario.order(student, classId);
    await expire(orderId);

    await scenario.pay({ amountMinor: 700, orderId });
    const replacement = await eventually(async () => {
      const { body } = await student.api.get(`/orders/${orderId}`);
      expect(body.late_payments).toMatchObject([{ outcome: 'reopened', amount_minor: 700 }]);
      return body.late_payments[0].replacement_order_id as string;
    });
    const { replaces_order_id } = await scenario.settled(replacement);
    expect(replaces_order_id).toBe(orderId);
    expect(await scenario.balance(student.personId)).toEqual({ posted: 0, reserved: 0, available: 0 });

    // Entered by an admin, from a bank statement.
    await scenario.admin.post(
      '/admin/payments',
      { order_id: lost, amount_minor: 700, currency: 'EUR', method: 'bank_transfer', reference: randomUUID() },
      { 'idempotency-key': randomUUID() },
    );
    await eventually(async () => {
      const { body } = await scenario.admin.get(`/orders/${lost}`);
      expect(body.late_payments).toMatchObject([{ outcome: 'credited', reason_code: 'CLASS_FULL' }]);
    });
    expect(await scenario.balance(other.personId)).toEqual({ posted: 700, reserved: 0, available: 700 });
  });

  it('pays several orders with one payment', async () => {
    const student = await scenario.student();
    const orders: string[] = [];
    for (const priceMinor of [1_000, 2_000, 3_000]) {
      orders.push(await scenario.order(student, await scenario.class({ priceMinor })));
    }
    await scenario.pay({ amountMinor: 6_500, personId: student.personId });
    for (const orderId of orders) await scenario.settled(orderId);
    expect(await scenario.balance(student.personId)).toEqual({ posted: 500, reserved: 0, available: 500 });
  });

  it('pays the named order first, then the oldest, and stops at the first that is not covered', async () => {
    const student = await scenario.student();
    const [oldest, large, named] = [
      await scenario.order(student, await scenario.class({ priceMinor: 1_000 })),
      await scenario.order(student, await scenario.class({ priceMinor: 5_000 })),
      await scenario.order(student, await scenario.class({ priceMinor: 2_000 })),
    ] as const;
    const small = await scenario.order(student, await scenario.class({ priceMinor: 100 }));
    await quiet(stack);
    await scenario.pay({ amountMinor: 3_500, orderId: named });
    await scenario.settled(named);
    await scenario.settled(oldest);
    await quiet(stack);
    expect((await scenario.orderIn('opened', large)).state).toBe('opened');
    expect((await scenario.orderIn('opened', small)).state).toBe('opened');
    expect(await scenario.balance(student.personId)).toEqual({ posted: 500, reserved: 0, available: 500 });
  });

  it('pays one order with several payments', async () => {
    const student = await scenario.student();
    const orderId = await scenario.order(student, await scenario.class({ priceMinor: 3_000 }));
    await scenario.pay({ amountMinor: 1_000, orderId });
    await scenario.pay({ amountMinor: 1_000, orderId }, 'stripe');
    await quiet(stack);
    expect((await scenario.orderIn('opened', orderId)).state).toBe('opened');
    await scenario.pay({ amountMinor: 1_000, personId: student.personId });
    await scenario.settled(orderId);
  });

  it('waits for an order that it names and that does not exist yet', async () => {
    const personId = randomUUID();
    expect((await scenario.pay({ amountMinor: 1_200, personId })).verdict).toBe('applied');
    await quiet(stack);
    const { body: unmatched } = await scenario.admin.get('/admin/payments/unmatched');
    expect(unmatched.items.map((item: { person_id_named: string }) => item.person_id_named)).toEqual([personId]);

    await scenario.admin.made('/persons', {
      person_id: personId,
      name: 'Late',
      username: `late-${personId}`,
      email: `${personId}@example.org`,
    });
    await eventually(async () => expect((await scenario.balance(personId)).available).toBe(1_200));
    const { order_id } = await scenario.admin.made('/orders', {
      person_id: personId,
      class_id: await scenario.class({ priceMinor: 1_200 }),
    });
    await scenario.settled(order_id);
  });

  it('of nobody known is assigned by an admin, and moves orders then', async () => {
    const student = await scenario.student();
    const orderId = await scenario.order(student, await scenario.class({ priceMinor: 800 }));
    const reference = `pay_${randomUUID()}`;
    await scenario.pay({ paymentId: reference, amountMinor: 800 });
    const found = await eventually(async () => {
      const { body } = await scenario.admin.get('/admin/payments/unmatched?limit=200');
      const item = body.items.find((one: { reference: string }) => one.reference === reference);
      if (!item) throw new Error('not in suspense yet');
      return item;
    });
    const path = `/admin/payments/unmatched/${found.payment_id}/assign`;
    const withoutKey = await scenario.admin.post(path, { person_id: student.personId });
    expect(withoutKey.status).toBe(400);
    const key = { 'idempotency-key': `assign-${found.payment_id}` };
    const assigned = await scenario.admin.post(path, { person_id: student.personId }, key);
    expect(assigned.status).toBeLessThan(300);
    await scenario.settled(orderId);
    const again = await scenario.admin.post(path, { person_id: student.personId }, key);
    expect(again.body).toEqual(assigned.body);
    const other = await scenario.admin.post(path, { person_id: student.personId }, { 'idempotency-key': randomUUID() });
    expect(other.body.code).toBe('PAYMENT_ALREADY_MATCHED');
  });

  it('of nobody known that names an expired order opens another one, once, when an admin assigns it', async () => {
    const student = await scenario.student();
    const stranger = randomUUID();
    const expired = async () => {
      const orderId = await scenario.order(student, await scenario.class({ priceMinor: 600 }));
      await rows(stack, 'subscriptions', `update orders set expires_at = now() where id = '${orderId}'`);
      await scenario.orderIn('expired', orderId);
      return orderId;
    };
    const assign = async (reference: string, orderId?: string) => {
      const { body } = await scenario.admin.get('/admin/payments/unmatched?limit=200');
      const { payment_id } = body.items.find((one: { reference: string }) => one.reference === reference);
      const request = { person_id: student.personId, order_id: orderId };
      const path = `/admin/payments/unmatched/${payment_id}/assign`;
      const answers = await Promise.all(
        [1, 2, 3].map(() => scenario.admin.post(path, request, { 'idempotency-key': `late-${payment_id}` })),
      );
      expect(answers.some(({ status }) => status < 300)).toBe(true);
    };
    // The first payment names its order; the admin names the order of the second one.
    const [named, given] = [await expired(), await expired()];
    await quiet(stack);
    const references = [`pay_${randomUUID()}`, `pay_${randomUUID()}`] as const;
    await scenario.pay({ paymentId: references[0], amountMinor: 600, personId: stranger, orderId: named });
    await scenario.pay({ paymentId: references[1], amountMinor: 600 });
    await quiet(stack);
    await assign(references[0]);
    await assign(references[1], given);
    for (const orderId of [named, given]) {
      const replacement = await eventually(async () => {
        const { body } = await student.api.get(`/orders/${orderId}`);
        expect(body.late_payments).toMatchObject([{ outcome: 'reopened', amount_minor: 600 }]);
        return body.late_payments[0].replacement_order_id as string;
      });
      expect((await scenario.settled(replacement)).replaces_order_id).toBe(orderId);
    }
    expect(await scenario.balance(student.personId)).toEqual({ posted: 0, reserved: 0, available: 0 });
    const replacements = await rows(
      stack,
      'subscriptions',
      `select from orders where person_id = '${student.personId}'`,
    );
    expect(replacements).toHaveLength(4);
  });

  it('that comes after the order was cancelled stays on the account, usable', async () => {
    const student = await scenario.student();
    const orderId = await scenario.order(student, await scenario.class({ priceMinor: 1_000 }));
    expect((await student.api.post(`/orders/${orderId}/cancel`)).body.state).toBe('cancelled');
    expect((await scenario.pay({ amountMinor: 1_000, orderId })).status).toBe(200);
    await eventually(async () => expect((await scenario.balance(student.personId)).available).toBe(1_000));
    const next = await scenario.order(student, await scenario.class({ priceMinor: 1_000 }));
    await scenario.settled(next);
    expect((await scenario.admin.get(`/orders/${orderId}`)).body.state).toBe('cancelled');
  });

  it.each(['standard', 'stripe'] as const)(
    'that %s sends back ends what it paid for and nobody is in yet, and what was spent is repaid first',
    async (provider) => {
      const student = await scenario.student();
      const account = async () => {
        const { body } = await student.api.get(`/persons/${student.personId}/account`);
        const { available_minor, reserved_minor, owed_minor } = body.balances[0];
        return { available: available_minor, reserved: reserved_minor, owed: owed_minor };
      };
      const reaches = (wanted: object) => eventually(async () => expect(await account()).toEqual(wanted));
      const paymentId = `pi_${randomUUID()}`;
      const refund = { paymentId, refundId: `re_${randomUUID()}`, amountMinor: 1_700 };

      // One order closes, the other one waits for approval, when almost all of the money is refunded; the refund is
      // notified twice.
      const closed = await scenario.order(student, await scenario.class({ priceMinor: 800 }));
      const waiting = await scenario.order(
        student,
        await scenario.class({ priceMinor: 1_000, approvalRequired: true }),
      );
      await scenario.pay({ paymentId, amountMinor: 2_000, personId: student.personId }, provider);
      await scenario.settled(closed);
      await scenario.orderIn('confirmed', waiting);
      await reaches({ available: 200, reserved: 1_000, owed: 0 });
      expect((await scenario.refund(refund, provider)).verdict).toBe('applied');
      expect((await scenario.refund(refund, provider)).verdict).toBe('duplicate');
      expect(await scenario.orderIn('cancelled', waiting)).toMatchObject({ end_reason: 'Its payment was refunded.' });
      expect((await scenario.orderIn('closed', closed)).state).toBe('closed');
      await reaches({ available: 0, reserved: 0, owed: 500 });
      const approval = await scenario.admin.post(`/admin/orders/${waiting}/approve`, {});
      expect(approval.body.code).toBe('ORDER_NOT_CONFIRMED');

      // The next money repays what is owed, and funds what it is for with the rest.
      const next = await scenario.order(student, await scenario.class({ priceMinor: 300 }));
      await scenario.pay({ amountMinor: 600, personId: student.personId }, provider);
      await reaches({ available: 100, reserved: 0, owed: 0 });
      expect((await scenario.orderIn('opened', next)).state).toBe('opened');
      await scenario.pay({ amountMinor: 200, personId: student.personId }, provider);
      await scenario.settled(next);

      // The refund failed: the money is there again.
      expect((await scenario.refund({ ...refund, reinstated: true }, provider)).verdict).toBe('applied');
      await reaches({ available: 1_700, reserved: 0, owed: 0 });
      const { body: statement } = await student.api.get(`/persons/${student.personId}/account/entries`);
      expect(statement.items.map(({ movement }: { movement: string }) => movement)).toEqual([
        'reinstate-refund',
        'reserve',
        'register-payment',
        'repay-debt',
        'register-payment',
        'repay-debt',
        'refund-payment',
        'raise-debt',
        'reserve',
        'register-payment',
      ]);
    },
  );

  it('that was disputed before it was notified never pays anything', async () => {
    const student = await scenario.student();
    const orderId = await scenario.order(student, await scenario.class({ priceMinor: 400 }));
    const paymentId = `pi_${randomUUID()}`;
    const dispute = { kind: 'dispute', paymentId, refundId: `dp_${randomUUID()}`, amountMinor: 400 } as const;
    expect((await scenario.refund(dispute, 'stripe')).verdict).toBe('waiting');
    expect((await scenario.pay({ paymentId, amountMinor: 400, orderId }, 'stripe')).verdict).toBe('applied');
    await quiet(stack);
    expect((await scenario.orderIn('opened', orderId)).state).toBe('opened');
    expect((await scenario.refund({ ...dispute, reinstated: true }, 'stripe')).verdict).toBe('applied');
    await scenario.settled(orderId);
    expect((await scenario.refund(dispute, 'stripe')).verdict).toBe('duplicate');
    expect(await scenario.balance(student.personId)).toEqual({ posted: 0, reserved: 0, available: 0 });
  });

  it('races its refund, and is taken back whichever comes first', async () => {
    const races = await Promise.all(
      Array.from({ length: 10 }, async (_, turn) => {
        const student = await scenario.student(turn % 2);
        const classId = await scenario.class({ priceMinor: 300, approvalRequired: true });
        return { student, orderId: await scenario.order(student, classId), paymentId: `pay_${randomUUID()}` };
      }),
    );
    await Promise.all(
      races.flatMap(({ orderId, paymentId }) => [
        scenario.pay({ amountMinor: 300, orderId, paymentId }),
        scenario.refund({ amountMinor: 300, paymentId }),
      ]),
    );
    await quiet(stack);
    for (const { student, orderId } of races) {
      const { body: order } = await scenario.admin.get(`/orders/${orderId}`);
      expect(['opened', 'cancelled']).toContain(order.state);
      expect(await scenario.balance(student.personId)).toEqual({ posted: 0, reserved: 0, available: 0 });
    }
  });

  it('races a cancel and either closes the order or comes back, never both', async () => {
    const races = await Promise.all(
      Array.from({ length: 20 }, async (_, turn) => {
        const student = await scenario.student(turn % 2);
        const orderId = await scenario.order(student, await scenario.class({ priceMinor: 300, capacity: 1 }));
        return { student, orderId };
      }),
    );
    await Promise.all(
      races.flatMap(({ student, orderId }, turn) => [
        scenario.deliver(scenario.notification({ amountMinor: 300, currency: 'EUR', orderId }), turn % 2),
        student.api.post(`/orders/${orderId}/cancel`),
      ]),
    );
    await quiet(stack);
    for (const { student, orderId } of races) {
      const { body: order } = await scenario.admin.get(`/orders/${orderId}`);
      const { available, reserved } = await scenario.balance(student.personId);
      expect({ state: order.state, available, reserved }).toEqual(
        order.state === 'closed'
          ? { state: 'closed', available: 0, reserved: 0 }
          : { state: 'cancelled', available: 300, reserved: 0 },
      );
    }
  });

  it('holds the seats of a class against everybody at once', async () => {
    const classId = await scenario.class({ priceMinor: 100, capacity: 5 });
    const students = await Promise.all(Array.from({ length: 40 }, (_, turn) => scenario.student(turn % 2)));
    const answers = await Promise.all(
      students.map(({ api, personId }) => api.post('/orders', { person_id: personId, class_id: classId })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(5);
    expect(answers.filter(({ body }) => body.code === 'CLASS_FULL')).toHaveLength(35);
  });

  it('leaves books that balance after every message is repeated', async () => {
    await quiet(stack);
    await proveInvariants(scenario);
    await replayChangesNothing(scenario);
    await proveInvariants(scenario);
  });
});
