import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Channel, type ChannelModel, connect, type Options } from 'amqplib';
import { events } from '#contracts/catalogue.js';
import { newId } from '#kernel/ids.js';
import { unpack } from '#messaging/publishing/packing.js';
import { eventually } from '../support/eventually.js';
import { proveInvariants, quiet, rows } from '../support/stack/invariants.js';
import { Scenario } from '../support/stack/scenario.js';
import { Stack } from '../support/stack/stack.js';

interface Received {
  readonly content: Buffer;
  readonly type: string;
  readonly options: Options.Publish;
}

const services = ['subscriptions', 'payments', 'promotions'] as const;

describe('messages', () => {
  let stack: Stack;
  let scenario: Scenario;
  let connection: ChannelModel;
  let channel: Channel;
  /** As the user of each service: consumers accept its events from nobody else. */
  const channels = new Map<string, Channel>();
  const connections: ChannelModel[] = [];

  beforeAll(async () => {
    stack = await Stack.start({ instances: 2, settings: { SWEEP_SECONDS: '1' } });
    scenario = await Scenario.on(stack);
    connection = await connect(stack.brokerUrl);
    connections.push(connection);
    channel = await connection.createChannel();
    for (const service of services) {
      const own = await connect(stack.brokerUrlOf(service));
      connections.push(own);
      channels.set(service, await own.createChannel());
    }
  });
  afterAll(async () => {
    for (const one of connections) await one.close();
    await stack.stop();
  });

  /** A queue of the test's own that receives every event. */
  const tap = async () => {
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.bindQueue(queue, 'matricula.events', '#');
    const received: Received[] = [];
    await channel.consume(queue, (message) => {
      if (!message) return;
      for (const { asSingle } of unpack(message)) {
        const { content, properties } = asSingle();
        const { contentType, messageId, headers, type } = properties;
        received.push({ content, type, options: { contentType, messageId, headers, type, persistent: true } });
      }
      channel.ack(message);
    });
    return received;
  };

  /** The same event, as another message. */
  const withNewId = (message: Received): Received => {
    const id = newId();
    const envelope = { ...JSON.parse(String(message.content)), id };
    return {
      ...message,
      content: Buffer.from(JSON.stringify(envelope)),
      options: { ...message.options, messageId: id },
    };
  };

  const forget = (service: (typeof services)[number], messages: readonly Received[]) => {
    const ids = messages.map(({ options }) => `'${options.messageId}'`);
    return rows(stack, service, `delete from inbox where message_id in (${ids.join(', ')}) returning message_id`);
  };

  const everything = async () => ({
    orders: await rows(stack, 'subscriptions', 'select id, state, settled_at::text from orders order by id'),
    enrolments: await rows(stack, 'subscriptions', 'select order_id from enrolments order by order_id'),
    receivables: await rows(stack, 'payments', 'select order_id, state from receivable order by order_id'),
    transfers: await rows(stack, 'payments', 'select id, state from transfer order by id'),
    uses: await rows(stack, 'promotions', 'select id, state, keeps_slot from redemption order by id'),
    codes: await rows(stack, 'promotions', 'select id, used, held, last_entry, status from promo_code order by id'),
    bonuses: await rows(stack, 'payments', 'select id, reversed_at::text from bonus order by id'),
    accounts: await rows(stack, 'payments', 'select id, version, credits_posted::text from account order by id'),
  });

  /** An admin corrects a payment, moves it to another person, and changes the name of this person. */
  const correctByHand = async () => {
    const [payer, owner] = [await scenario.student(), await scenario.student()];
    const { admin } = scenario;
    const move = (path: string, body: object) => admin.made(path, body, { 'idempotency-key': newId() });
    const cash = { amount_minor: 49_000, currency: 'EUR', method: 'cash', reference: newId() };
    const { payment_id } = await move('/admin/payments', { ...cash, person_id: payer.personId });
    await move(`/admin/payments/${payment_id}/correct`, { amount_minor: 4_900, reason: 'A zero too many.' });
    await move(`/admin/payments/${payment_id}/reassign`, { person_id: owner.personId, reason: 'The other student.' });
    expect((await admin.patch(`/admin/persons/${owner.personId}`, { name: 'Another Name' })).status).toBe(200);
  };

  it('that come again, late and in any order change nothing', async () => {
    const received = await tap();
    const codes = await scenario.codesForLoad(10);
    const ends = ['closed', 'cancelled', 'late', 'approved', 'expired', 'covered', 'reversed', 'refund', 'dispute'];
    for (const end of ends) {
      const student = await scenario.student();
      const sentBack = end === 'refund' || end === 'dispute';
      const classId = await scenario.class({ priceMinor: 1_000, approvalRequired: end === 'approved' || sentBack });
      expect((await scenario.apply(student, codes.bonus)).status).toBe(200);
      if (end === 'covered') await scenario.pay({ amountMinor: 1_000, personId: student.personId });
      const orderId = (await scenario.orderWith(student, classId, codes.discount)).body.order_id;
      if (end === 'cancelled' || end === 'late') await student.api.post(`/orders/${orderId}/cancel`);
      if (end === 'expired') {
        // Its time is over; the sweep finds it.
        await rows(stack, 'subscriptions', `update orders set expires_at = now() where id = '${orderId}'`);
        await scenario.orderIn('expired', orderId);
      }
      const paymentId = `pay_${end}`;
      if (end !== 'cancelled' && end !== 'covered') await scenario.pay({ amountMinor: 1_500, orderId, paymentId });
      if (sentBack) {
        await scenario.orderIn('confirmed', orderId);
        await scenario.refund({ kind: end, amountMinor: 1_500, paymentId });
        await scenario.orderIn('cancelled', orderId);
      }
      if (end === 'approved') {
        await scenario.orderIn('confirmed', orderId);
        await scenario.admin.made(`/admin/orders/${orderId}/approve`);
      }
      if (end === 'reversed') {
        await scenario.settled(orderId);
        await quiet(stack);
        const reversal = await scenario.admin.post(
          `/conversions/${orderId}/reverse`,
          { reason: 'refund' },
          { 'idempotency-key': newId() },
        );
        expect(reversal.status).toBe(200);
      }
    }
    const lastUse = await scenario.code({ kind: 'discount', amount_minor: 100, currency: 'EUR', max_uses: 1 });
    const changed = await scenario.class({ priceMinor: 1_000 });
    const cheaper = await scenario.orderWith(await scenario.student(), changed, lastUse.code);
    await scenario.pay({ amountMinor: 900, orderId: cheaper.body.order_id });
    expect((await scenario.admin.patch(`/admin/classes/${changed}`, { title: 'Another title' })).status).toBe(200);
    await correctByHand();
    // Only a race between payments and a cancel makes the first; renewals and webhooks, which have tests of their own,
    // make the others. None but notifications, which has them in its own tests, consumes those.
    const rare = /order-released|subscription-(renewed|suspended|resumed|ended)|renewal-reminded|webhook-endpoint/;
    const common = events.map(({ type }) => type).filter((type) => !rare.test(type));
    // Jobs publish some of them.
    await eventually(() =>
      expect([...new Set(received.map(({ type }) => type))]).toEqual(expect.arrayContaining(common)),
    );
    await quiet(stack);
    const before = await everything();
    // Of the closed, the approved, the covered and the reversed order, and of the one that replaces the expired.
    expect(before.bonuses).toHaveLength(5);

    const publish = (messages: readonly Received[]) => {
      for (const { content, options, type } of messages) {
        const { producer = '', consumers = [] } = events.find((event) => event.type === type) ?? {};
        const userId = `matricula-${producer}`;
        for (const consumer of consumers)
          channels.get(producer)?.sendToQueue(consumer, content, { ...options, userId });
      }
    };
    const backwards = [...received].reverse();
    // Each twice: what was handled is known by its id.
    publish(backwards.flatMap((message) => [message, message]));
    await quiet(stack);
    expect(await everything()).toEqual(before);
    // Under new ids nothing is known: the end of an order comes before its beginning, and what they do has to bear it.
    const anew = backwards.map(withNewId);
    publish(anew);
    await quiet(stack);
    expect(await everything()).toEqual(before);
    // One of the invariants counts what was handled, and these were the test's own.
    const handled = await Promise.all(services.map((service) => forget(service, anew)));
    expect(handled.flat().length).toBeGreaterThanOrEqual(anew.length);
    await proveInvariants(scenario);
  });

  it('that nobody can handle are parked, and their neighbours are not harmed', async () => {
    const student = await scenario.student();
    const orderId = await scenario.order(student, await scenario.class({ priceMinor: 500 }));
    const [sample] = await rows<{ id: string }>(stack, 'payments', 'select uuid_v7() as id');
    const envelope = (over: object) =>
      Buffer.from(
        JSON.stringify({
          specversion: '1.0',
          id: sample?.id,
          source: 'payments',
          type: 'payments.payment-registered.v1',
          subject: 'x',
          time: new Date().toISOString(),
          data: {},
          ...over,
        }),
      );
    const bad = [
      Buffer.from('not JSON at all'),
      Buffer.from('[]'),
      envelope({ type: 'payments.payment-registered.v99' }),
      envelope({ type: 'payments.unknown.v1' }),
      envelope({ data: { payment_id: 'broken' } }),
    ];
    for (const content of bad) {
      for (const service of services)
        channels.get('payments')?.sendToQueue(service, content, { persistent: true, userId: 'matricula-payments' });
    }
    await scenario.pay({ amountMinor: 500, orderId });
    await scenario.settled(orderId);
    for (const service of services) {
      await eventually(async () => {
        const { messageCount } = await channel.checkQueue(`${service}.parked`);
        expect(messageCount).toBe(bad.length);
      });
    }
    await quiet(stack, { parkedAllowed: true });
    await proveInvariants(scenario);
  });
});
