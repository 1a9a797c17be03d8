import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { Queue } from 'bullmq';
import type { z } from 'zod';
import type { RequestContract } from '#contracts/contract.js';
import { creditApplied, orderSettled, paymentCredited, paymentRegistered } from '#contracts/payments/payments.js';
import {
  createClass,
  findClasses,
  getClass,
  listEnrolments,
  listStudents,
  quoteClass,
} from '#contracts/subscriptions/classes.js';
import {
  approveOrder,
  cancelOrder,
  getOrder,
  getOrderProgress,
  listOrders,
  openOrder,
  orderClosed,
} from '#contracts/subscriptions/orders.js';
import { saveParameterType } from '#contracts/subscriptions/parameter-types.js';
import { findPersons, getPerson, registerPerson } from '#contracts/subscriptions/persons.js';
import { publishRule } from '#contracts/subscriptions/rules.js';
import { createHttpServer } from '#http/http-server.js';
import { OperationsServer } from '#http/operations-server.js';
import { keyPrefix } from '#jobs/job.js';
import { newId } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import { parkedQueue, requestQueue } from '#messaging/connection/topology.js';
import type { Envelope } from '#messaging/envelope.js';
import { ServiceUnavailable } from '#messaging/faults.js';
import { MessagingModule } from '#messaging/nest/messaging.module.js';
import { listenForMessages } from '#messaging/nest/rabbit-server.js';
import { type RequestOptions, RpcClient } from '#messaging/requests/rpc-client.js';
import { checkInvariants } from '#persistence/invariant-checks.js';
import { migrate } from '#persistence/migrate.js';
import { Transactions } from '#persistence/transaction.js';
import { eventually, type Patience } from '../../../test/support/eventually.js';
import { MovableClock } from '../../../test/support/movable-clock.js';
import { type TcpProxy, tcpProxy } from '../../../test/support/servers/tcp-proxy.js';
import { testBrokerUrl } from '../../../test/support/servers/test-broker.js';
import { type TestDatabase, testDatabase } from '../../../test/support/servers/test-database.js';
import { testRedisUrl } from '../../../test/support/servers/test-redis.js';
import { BrokerProbe } from '../../../test/support/stack/broker-probe.js';
import { subscriptionsDatabase } from './database.js';
import { invariantChecks } from './invariant-checks.js';
import { expireOrderJob } from './orders/lifecycle/schedule-expiries.js';
import type { OrderView } from './orders/order-view.js';
import { SubscriptionsModule } from './subscriptions.module.js';

/** The whole service on real servers. The tests send the requests of the gateway and the events of payments. */
describe('the subscriptions service', () => {
  const clock = new MovableClock('2026-03-02T09:00:00Z');
  let database: TestDatabase;
  let redis: TcpProxy;
  let service: NestFastifyApplication;
  let gateway: INestApplication;
  let brokerProbe: BrokerProbe;
  let queue: Queue;
  let received: Envelope[];
  let classId: string;
  let operationsUrl: string;
  let count = 0;

  async function readiness(): Promise<{ status: string; details: Record<string, { status: string }> }> {
    const answer = await fetch(`${operationsUrl}/health/ready`);
    return (await answer.json()) as Awaited<ReturnType<typeof readiness>>;
  }

  async function start(): Promise<NestFastifyApplication> {
    const settings = {
      production: false,
      operations: { host: '127.0.0.1', port: 0 },
      logLevel: 'silent',
      databaseUrl: database.url,
      amqpUrl: testBrokerUrl(),
      redisUrl: redis.url,
      sweepEveryMs: 500,
      unpaidOrdersMax: 10,
      latePaymentDays: 14,
    } as const;
    const app = await createHttpServer(SubscriptionsModule.with(settings, clock), {
      service: 'subscriptions',
      logLevel: 'silent',
      problems: { statuses: {} },
    });
    await listenForMessages(app);
    return app;
  }

  beforeAll(async () => {
    database = await testDatabase((url) => migrate(subscriptionsDatabase(url)));
    redis = await tcpProxy(testRedisUrl());
    queue = new Queue(expireOrderJob.name, {
      connection: { url: testRedisUrl(), maxRetriesPerRequest: null },
      prefix: keyPrefix(expireOrderJob.name),
    });
    brokerProbe = await BrokerProbe.arrive(() => clock.now());
    await brokerProbe.empty('subscriptions');
    received = await brokerProbe.subscribe('subscriptions');
    service = await start();
    operationsUrl = await service.get(OperationsServer, { strict: false }).listen({ host: '127.0.0.1', port: 0 });
    await brokerProbe.channel.purgeQueue(requestQueue('subscriptions'));
    const outside = await Test.createTestingModule({
      imports: [MessagingModule.forService({ service: 'gateway', amqpUrl: testBrokerUrl() })],
    }).compile();
    gateway = await outside.createNestApplication(new FastifyAdapter(), { logger: false }).init();

    await request(saveParameterType, { name: 'amount', schema: { type: 'integer', minimum: 0 } });
    const rule = await request(publishRule, {
      title: 'Single payment subscription',
      method: 'single_payment',
      parameters: [{ name: 'price', type: 'amount' }],
    });
    const terms = { title: 'Chess', rule_id: rule.rule_id, parameters: { price: 1_500 }, currency: 'EUR' };
    classId = (await request(createClass, { ...terms, time_zone: 'Europe/Berlin' })).class_id;
  });

  afterEach(async () => {
    const findings = await checkInvariants(invariantChecks, (sql) => service.get(Transactions).query(sql));
    expect(findings.flatMap(({ violations }) => violations)).toEqual([]);
  });

  afterAll(async () => {
    await gateway.close();
    await service.close();
    await queue.obliterate({ force: true });
    await queue.close();
    await brokerProbe.leave();
    await redis.close();
    await database.drop();
  });

  function request<Request extends z.ZodType, Response extends z.ZodType>(
    contract: RequestContract<Request, Response>,
    request: z.input<Request>,
    options?: RequestOptions,
  ) {
    return gateway.get(RpcClient).request(contract, request, options);
  }

  async function refusal(requested: Promise<unknown>): Promise<string> {
    const error = await requested.then(
      () => new Error('it was not refused'),
      (thrown: unknown) => thrown,
    );
    if (error instanceof Refusal) return error.code;
    throw error;
  }

  async function person(): Promise<string> {
    const username = `person-${++count}`;
    return (await request(registerPerson, { name: 'Asha', username, email: `${username}@example.org` })).person_id;
  }

  async function opened(): Promise<OrderView> {
    return request(openOrder, { person_id: await person(), class_id: classId });
  }

  const pay = (orders: readonly OrderView[], id = newId()) =>
    brokerProbe.publish(
      paymentRegistered,
      id,
      {
        payment_id: id,
        provider: 'standard',
        person_id: orders[0]?.person_id ?? null,
        amount_minor: 10_000,
        currency: 'EUR',
        funded_orders: orders.map((order) => ({
          order_id: order.order_id,
          amount_minor: order.amount_minor,
          transfer_id: order.order_id,
        })),
        account_version: 1,
        registered_at: clock.now().toString(),
      },
      { ids: [id] },
    );

  const credit = (order: OrderView) =>
    brokerProbe.publish(creditApplied, order.order_id, {
      order_id: order.order_id,
      person_id: order.person_id,
      amount_minor: order.amount_minor,
      currency: order.currency,
      transfer_id: order.order_id,
      applied_at: clock.now().toString(),
    });

  const settle = (order: OrderView) =>
    brokerProbe.publish(orderSettled, order.order_id, {
      order_id: order.order_id,
      person_id: order.person_id,
      class_id: order.class_id,
      amount_minor: order.amount_minor,
      currency: order.currency,
      transfer_id: order.order_id,
      settled_at: clock.now().toString(),
    });

  const progress = async (order: OrderView) => {
    const { steps, finished } = await request(getOrderProgress, { order_id: order.order_id, visible_to: null });
    return [...steps.map(({ step, name }) => `${step} ${name}`), finished ? 'finished' : 'goes on'];
  };

  /** Waits until the order is in `state`. */
  const reaches = (order: OrderView, state: OrderView['state'], patience: Patience = {}) =>
    eventually(
      async () => (await request(getOrder, { order_id: order.order_id, visible_to: null })).state === state,
      patience,
    );

  const eventsOf = (order: OrderView) =>
    received.filter(({ subject }) => subject === order.order_id).map(({ type }) => type.split('.')[1]);

  it('takes an order from its opening to its settlement and publishes each step', async () => {
    const quote = await request(quoteClass, { class_id: classId });
    const order = await opened();
    expect(order).toMatchObject({ state: 'opened', amount_minor: quote.amount_minor, explanation: quote.explanation });
    expect(await progress(order)).toEqual(['1 opened', 'goes on']);
    await pay([order]);
    await reaches(order, 'closed');
    expect(await progress(order)).toEqual(['1 opened', '2 confirmed', '3 closed', 'goes on']);
    await settle(order);
    await eventually(async () => (await progress(order)).includes('finished'));
    expect(await progress(order)).toEqual(['1 opened', '2 confirmed', '3 closed', '4 settled', 'finished']);
    await eventually(() => eventsOf(order).length === 2);
    expect(eventsOf(order)).toEqual(['order-opened', 'order-closed']);
    const enrolments = await request(listEnrolments, { person_id: order.person_id });
    expect(enrolments).toMatchObject({ total: 1, items: [{ order_id: order.order_id, class_title: 'Chess' }] });
    const students = await request(listStudents, { class_id: classId, limit: 1 });
    expect(students.items[0]).toMatchObject({ order_id: order.order_id, person: { person_id: order.person_id } });
    const closed = received.find(({ type, subject }) => type === orderClosed.type && subject === order.order_id);
    expect(closed).toMatchObject({ source: 'subscriptions', data: { order_id: order.order_id, amount_minor: 1_500 } });
  });

  it('moves many orders by many messages, each delivered three times and out of order', async () => {
    const orders = await Promise.all(Array.from({ length: 30 }, opened));
    const messages = orders.map((order) => ({ order, id: newId() }));
    const rounds = [...messages, ...[...messages].reverse(), ...messages];
    await Promise.all(rounds.map(({ order, id }) => pay([order], id)));
    await Promise.all(orders.map((order) => credit(order)));
    await Promise.all(orders.map((order) => reaches(order, 'closed')));
    await eventually(() => orders.every((order) => eventsOf(order).length === 2));
    for (const order of orders) expect(eventsOf(order)).toEqual(['order-opened', 'order-closed']);
  });

  it('parks money for an unknown order without delaying its neighbours', async () => {
    const order = await opened();
    const unknown = newId();
    await Promise.all([pay([{ ...order, order_id: newId() }], unknown), pay([order])]);
    await reaches(order, 'closed');
    const parked = await eventually(() => brokerProbe.channel.get(parkedQueue('subscriptions'), { noAck: true }));
    expect(parked && JSON.parse(parked.content.toString()).id).toBe(unknown);
  });

  it('publishes order-released for late money of a cancelled order', async () => {
    const order = await opened();
    await request(cancelOrder, { order_id: order.order_id, visible_to: order.person_id });
    await pay([order]);
    await eventually(() => eventsOf(order).length === 3);
    expect(eventsOf(order)).toEqual(['order-opened', 'order-cancelled', 'order-released']);
  });

  it('opens one order in place of an expired one for a payment that its person got later, however often it comes', async () => {
    const order = await opened();
    await service
      .get(Transactions)
      .query('update orders set expires_at = $2 where id = $1', [order.order_id, clock.now()]);
    await reaches(order, 'expired');
    const credited = {
      payment_id: newId(),
      order_id: order.order_id,
      person_id: order.person_id,
      amount_minor: order.amount_minor,
      currency: order.currency,
      available_minor: order.amount_minor,
      received_at: clock.now().toString(),
      credited_at: clock.now().toString(),
    };
    const ids = [newId(), newId()];
    await brokerProbe.publish(paymentCredited, credited.payment_id, credited, { ids, times: 4 });
    await eventually(() => eventsOf(order).includes('late-payment-decided'));
    const { items } = await request(listOrders, { visible_to: null, person_id: order.person_id });
    expect(items).toMatchObject([{ state: 'opened', replaces_order_id: order.order_id }, { state: 'expired' }]);
    const expired = await request(getOrder, { order_id: order.order_id, visible_to: null });
    expect(expired.late_payments).toMatchObject([{ payment_id: credited.payment_id, outcome: 'reopened' }]);
  });

  it('shows a member their own orders and hides that others exist', async () => {
    const [mine, theirs] = await Promise.all([opened(), opened()]);
    const me = { visible_to: mine.person_id };
    expect(await request(getOrder, { order_id: mine.order_id, ...me })).toEqual(mine);
    expect(await refusal(request(getOrder, { order_id: theirs.order_id, ...me }))).toBe('ORDER_NOT_FOUND');
    expect(await refusal(request(getOrderProgress, { order_id: theirs.order_id, ...me }))).toBe('ORDER_NOT_FOUND');
    expect(await refusal(request(cancelOrder, { order_id: theirs.order_id, ...me }))).toBe('ORDER_NOT_FOUND');
    expect(await request(listOrders, me)).toMatchObject({ total: 1, items: [mine] });
    expect(await request(listOrders, { ...me, person_id: theirs.person_id })).toMatchObject({ total: 0, items: [] });
  });

  it('lists orders newest first, by person, class and state, with exact totals', async () => {
    const terms = { title: 'Go', parameters: { price: 1 }, currency: 'EUR', time_zone: 'UTC' };
    const { rule_id } = await request(getClass, { class_id: classId });
    const { class_id } = await request(createClass, { ...terms, rule_id });
    const persons = await Promise.all(Array.from({ length: 5 }, person));
    const orders: OrderView[] = [];
    for (const person_id of persons) orders.push(await request(openOrder, { person_id, class_id }));
    await request(cancelOrder, { order_id: orders[2]!.order_id, visible_to: null });
    const list = async (filter: object) => {
      const { items, total } = await request(listOrders, { visible_to: null, class_id, ...filter });
      return [items.map(({ order_id }) => orders.findIndex((order) => order.order_id === order_id)), total];
    };
    expect(await list({})).toEqual([[4, 3, 2, 1, 0], 5]);
    expect(await list({ page: 2, limit: 2 })).toEqual([[2, 1], 5]);
    expect(await list({ page: 9 })).toEqual([[], 5]);
    expect(await list({ state: 'opened' })).toEqual([[4, 3, 1, 0], 4]);
    expect(await list({ state: 'cancelled', person_id: persons[2] })).toEqual([[2], 1]);
  });

  it('returns which of a thousand persons and classes exist', async () => {
    const { rule_id } = await request(getClass, { class_id: classId });
    const terms = { title: 'Go', rule_id, parameters: { price: 1 }, currency: 'EUR', time_zone: 'UTC' };
    const made = await request(createClass, terms);
    const personId = await person();
    const nobody = Array.from({ length: 998 }, newId);
    const { persons } = await request(findPersons, { person_ids: [personId.toUpperCase(), ...nobody, personId] });
    expect(persons).toEqual([await request(getPerson, { person_id: personId })]);
    const { classes } = await request(findClasses, { class_ids: [...nobody, made.class_id] });
    const { class_id, title, currency, published_at } = made;
    expect(classes).toEqual([{ class_id, title, currency, published_at }]);
    expect(await request(findPersons, { person_ids: nobody })).toEqual({ persons: [] });
  });

  it('refuses over the wire with the code of the contract', async () => {
    const nobody = newId();
    expect(await refusal(request(getPerson, { person_id: nobody }))).toBe('PERSON_NOT_FOUND');
    expect(await refusal(request(openOrder, { person_id: nobody, class_id: classId }))).toBe('PERSON_NOT_FOUND');
    expect(await refusal(request(listStudents, { class_id: nobody }))).toBe('CLASS_NOT_FOUND');
    expect(await refusal(request(listEnrolments, { person_id: nobody }))).toBe('PERSON_NOT_FOUND');
    expect(await refusal(request(approveOrder, { order_id: nobody }))).toBe('ORDER_NOT_FOUND');
  });

  it('expires an order by a job that Redis gets shortly before it is due', async () => {
    const order = await opened();
    clock.moveBy({ hours: 47 });
    expect(await queue.getJob(`expire-order-${order.order_id}`)).toBeUndefined();
    clock.moveBy({ minutes: 59, seconds: 59, milliseconds: 100 });
    const job = await eventually(async () => (await queue.getJob(`expire-order-${order.order_id}`)) ?? false);
    expect(job.opts.delay).toBe(900);
    clock.moveBy({ milliseconds: 900 });
    await reaches(order, 'expired');
    await eventually(async () => (await queue.getJob(`expire-order-${order.order_id}`)) === undefined);
    await eventually(() => eventsOf(order).length === 2);
    expect(eventsOf(order)).toEqual(['order-opened', 'order-expired']);
  });

  it('opens orders while Redis is away, and expires them by the sweep', async () => {
    redis.cut();
    await eventually(async () => (await readiness()).details.redis?.status !== 'up');
    const order = await opened();
    redis.mend();
    clock.moveBy({ hours: 48 });
    // A sweep that was running when the line broke keeps its lock for half a minute; the next one begins after it.
    await reaches(order, 'expired', { withinMs: 90_000 });
  }, 120_000);

  it('reports health and metrics to operators', async () => {
    const health = await eventually(async () => {
      const report = await readiness();
      return report.status === 'ok' && report;
    });
    expect(Object.keys(health.details)).toEqual(['database', 'broker', 'redis']);
    expect(await (await fetch(`${operationsUrl}/metrics`)).text()).toContain('process_cpu_seconds_total');
  });

  it('finishes its work when it is stopped; the next instance does the rest once', async () => {
    const persons = await Promise.all(Array.from({ length: 60 }, person));
    const openFor = (person_id: string) =>
      request(openOrder, { person_id, class_id: classId }, { commandId: `stop-${person_id}`, timeoutMs: 10_000 });
    const first = persons.map((id) => openFor(id).catch((error: unknown) => error));
    const stopping = service.close();
    const answers = await Promise.all(first);
    await stopping;
    service = await start();
    for (const answer of answers) if (answer instanceof Error) expect(answer).toBeInstanceOf(ServiceUnavailable);
    const orders = await Promise.all(persons.map(openFor));
    answers.forEach((answer, index) => {
      if (!(answer instanceof Error)) expect(orders[index]).toEqual(answer);
    });
    expect(new Set(orders.map(({ order_id }) => order_id)).size).toBe(60);
    for (const order of orders)
      expect(await request(listOrders, { visible_to: order.person_id })).toMatchObject({ total: 1 });
  });
});
