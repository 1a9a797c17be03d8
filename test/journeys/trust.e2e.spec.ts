import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type ConfirmChannel, connect, type Options } from 'amqplib';
import pg from 'pg';
import { paymentRegistered } from '#contracts/payments/payments.js';
import { firstPublisherHeader } from '#messaging/connection/publisher-identity.js';
import { appNames, type DatabaseApp, databaseApps, hasMessaging, type MessagingApp } from '../../tools/apps/apps.ts';
import { eventually } from '../support/eventually.js';
import { proveInvariants, quiet } from '../support/stack/invariants.js';
import { Scenario, type Student } from '../support/stack/scenario.js';
import { Stack } from '../support/stack/stack.js';

const { type: paid } = paymentRegistered;
/** AMQP 0-9-1, reply codes. */
const accessRefused = { code: 403 };
const preconditionFailed = { code: 406 };

interface Parked {
  readonly parked_id: string;
  readonly reason: string;
  readonly detail: string;
}

describe('a service that was taken over', () => {
  let stack: Stack;
  let scenario: Scenario;
  let student: Student;
  let orderId: string;
  const closings: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    stack = await Stack.start({ console: true });
    scenario = await Scenario.on(stack);
    student = await scenario.student();
    orderId = await scenario.order(student, await scenario.class({ priceMinor: 500 }));
  });
  afterEach(async () => {
    for (const close of closings.splice(0)) await close().catch(() => {});
  });
  afterAll(() => stack.stop());

  /** A channel as the broker user of `app`, and the error that closes it. */
  const asUserOf = async (app: MessagingApp): Promise<{ channel: ConfirmChannel; refusal: Promise<unknown> }> => {
    const connection = await connect(stack.brokerUrlOf(app));
    closings.push(() => connection.close());
    const channel = await connection.createConfirmChannel();
    const refusal = new Promise((resolve) => channel.once('error', resolve));
    return { channel, refusal };
  };

  /** Says that the order was paid, although it was not. */
  const forged = () => ({
    specversion: '1.0',
    id: randomUUID(),
    source: 'payments',
    type: paid,
    subject: randomUUID(),
    time: new Date().toISOString(),
    correlationid: randomUUID(),
    data: {
      payment_id: randomUUID(),
      provider: 'standard',
      person_id: student.personId,
      amount_minor: 500,
      currency: 'EUR',
      funded_orders: [{ order_id: orderId, amount_minor: 500, transfer_id: randomUUID() }],
      account_version: 1,
      registered_at: new Date().toISOString(),
    },
  });
  const content = () => Buffer.from(JSON.stringify(forged()));
  const cloudEvent = { contentType: 'application/cloudevents+json; charset=utf-8', type: paid, persistent: true };

  const asOperator = async (path: string, body?: object): Promise<Response> =>
    fetch(`${stack.opsUrl}/api/parked/${path}`, {
      method: body ? 'POST' : 'GET',
      headers: {
        authorization: `Bearer ${await stack.token('ops', 'operator')}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      body: JSON.stringify(body),
    });
  const parkedAt = async (place: string) => {
    const { items } = (await (await asOperator(place)).json()) as { items: Parked[] };
    return items;
  };

  it('would be believed, if nobody looked at who publishes', () => {
    expect(paymentRegistered.data.safeParse(forged().data).success).toBe(true);
  });

  it('cannot publish the events of another one', async () => {
    const { channel, refusal } = await asUserOf('promotions');
    channel.publish('matricula.events', `${paid}.x`, content(), { ...cloudEvent, userId: 'matricula-promotions' });
    expect(await refusal).toMatchObject(accessRefused);
  });

  it('cannot name another one as the publisher', async () => {
    const { channel, refusal } = await asUserOf('promotions');
    channel.publish('', 'subscriptions', content(), { ...cloudEvent, userId: 'matricula-payments' });
    expect(await refusal).toMatchObject(preconditionFailed);
  });

  it.each<[string, Options.Publish]>([
    ['in its own name', { userId: 'matricula-promotions' }],
    ['in nobody’s name', {}],
    [
      'as if it came back from a retry',
      { userId: 'matricula-promotions', headers: { [firstPublisherHeader]: 'matricula-payments' } },
    ],
  ])('puts an event into a queue %s, and the consumer parks it', async (_, properties) => {
    const before = (await parkedAt('subscriptions')).length;
    const { channel } = await asUserOf('promotions');
    channel.sendToQueue('subscriptions', content(), { ...cloudEvent, ...properties });
    await channel.waitForConfirms();
    await eventually(async () => expect(await parkedAt('subscriptions')).toHaveLength(before + 1));
    const [newest] = (await parkedAt('subscriptions')).slice(-1);
    expect(newest).toMatchObject({
      reason: 'foreign-publisher',
      detail: expect.stringContaining(`${paid} is published by matricula-payments alone`),
    });
    expect((await student.api.get(`/orders/${orderId}`)).body).toMatchObject({ state: 'opened' });
    const metrics = await (await fetch(`${stack.service('subscriptions').operationsUrl}/metrics`)).text();
    expect(metrics).toMatch(
      /^messaging_foreign_messages_total\{service="subscriptions",type="payments.payment-registered.v1"\} [1-9]/m,
    );
  });

  it('puts an event into a parked queue, and its replay is parked again', async () => {
    const before = await parkedAt('subscriptions');
    const { channel } = await asUserOf('gateway');
    const headers = { 'parked-id': randomUUID(), [firstPublisherHeader]: 'matricula-payments' };
    channel.sendToQueue('subscriptions.parked', content(), { ...cloudEvent, userId: 'matricula-gateway', headers });
    await channel.waitForConfirms();
    const replayed = await asOperator('subscriptions/replay', { parked_ids: [headers['parked-id']] });
    expect(replayed.status).toBe(200);
    await eventually(async () => expect(await parkedAt('subscriptions')).toHaveLength(before.length + 1));
    expect(new Set((await parkedAt('subscriptions')).map(({ reason }) => reason))).toEqual(
      new Set(['foreign-publisher']),
    );
    expect((await student.api.get(`/orders/${orderId}`)).body).toMatchObject({ state: 'opened' });
  });

  it('leaves ops able to replay events without a contract: they are published, and stay without subscribers', async () => {
    const { channel } = await asUserOf('payments');
    const event = Buffer.from(JSON.stringify({ ...forged(), type: 'payments.without-contract.v1' }));
    channel.sendToQueue('matricula.unroutable', event, { ...cloudEvent, userId: 'matricula-payments' });
    await channel.waitForConfirms();
    const replayed = await asOperator('unroutable/replay', { all: true });
    expect(replayed.status).toBe(409);
    expect(await replayed.json()).toMatchObject({ code: 'NO_SUBSCRIBERS' });
    const left = await parkedAt('unroutable');
    expect(left).toHaveLength(1);
    const discarded = { parked_ids: left.map(({ parked_id }) => parked_id), reason: 'A test put it there.' };
    expect((await asOperator('unroutable/discard', discarded)).status).toBe(200);
  });

  it('cannot send the commands that the gateway alone may send', async () => {
    const { channel } = await asUserOf('promotions');
    const answer = new Promise<unknown>((resolve) => {
      void channel.consume(
        'amq.rabbitmq.reply-to',
        (message) => message && resolve(JSON.parse(String(message.content))),
        {
          noAck: true,
        },
      );
    });
    channel.publish('', 'payments.requests', Buffer.from('{}'), {
      type: 'payments.register-payment.v1',
      userId: 'matricula-promotions',
      messageId: randomUUID(),
      correlationId: '1',
      replyTo: 'amq.rabbitmq.reply-to',
      headers: { 'timeout-ms': 5_000 },
    });
    expect(await answer).toEqual({ fault: expect.any(String) });
  });

  it.each<[string, MessagingApp, (channel: ConfirmChannel) => Promise<unknown>]>([
    ['read the queue of another one', 'promotions', (channel) => channel.get('payments')],
    ['empty the queue of another one', 'promotions', (channel) => channel.purgeQueue('payments')],
    ['delete the queue of another one', 'promotions', (channel) => channel.deleteQueue('payments')],
    ['delete the exchange', 'promotions', (channel) => channel.deleteExchange('matricula.events')],
    [
      'unbind another one',
      'promotions',
      (channel) => channel.unbindQueue('payments', 'matricula.events', 'subscriptions.order-opened.v1.#'),
    ],
    [
      'receive events that it does not consume',
      'promotions',
      (channel) => channel.bindQueue('promotions', 'matricula.events', '#'),
    ],
    ['answer the requests to another one', 'promotions', (channel) => channel.consume('payments.requests', () => {})],
    [
      'publish any event as the gateway',
      'gateway',
      async (channel) => {
        channel.publish('matricula.events', `${paid}.x`, content(), { userId: 'matricula-gateway' });
        await channel.waitForConfirms();
      },
    ],
    ['read events as ops', 'ops', (channel) => channel.get('payments')],
  ])('cannot %s', async (_, app, act) => {
    const { channel, refusal } = await asUserOf(app);
    await Promise.allSettled([act(channel)]);
    expect(await refusal).toMatchObject(accessRefused);
  });

  const asRuntimeRole = async (app: DatabaseApp, of: DatabaseApp = app): Promise<pg.Client> => {
    const url = new URL(stack.runtimeDatabaseUrl(app));
    const client = new pg.Client({
      connectionString: Object.assign(url, { pathname: new URL(stack.databaseUrl(of)).pathname }).href,
    });
    await client.connect();
    closings.push(() => client.end());
    return client;
  };
  const notAllowed = { code: '42501' };

  it.each(databaseApps)('cannot change the tables of its own database: %s', async (app) => {
    const client = await asRuntimeRole(app);
    const { rows } = await client.query<{ table: string }>(
      `select tablename::text as table from pg_tables where schemaname = 'public'`,
    );
    expect(rows.length).toBeGreaterThan(3);
    for (const { table } of rows) {
      await expect(client.query(`truncate ${table} cascade`)).rejects.toMatchObject(notAllowed);
      await expect(client.query(`drop table ${table} cascade`)).rejects.toMatchObject(notAllowed);
    }
    await expect(client.query('create table mine ()')).rejects.toMatchObject(notAllowed);
  });

  it('cannot rewrite the ledger', async () => {
    const client = await asRuntimeRole('payments');
    for (const statement of [
      'update entry set amount_minor = 1',
      'delete from entry',
      'delete from transfer',
      'update transfer set amount_minor = 1',
    ])
      await expect(client.query(statement)).rejects.toMatchObject(notAllowed);
  });

  it('cannot connect to the database of another one', async () => {
    await expect(asRuntimeRole('promotions', 'payments')).rejects.toMatchObject(notAllowed);
  });

  it.each(appNames)('has no secret of another one in its environment: %s', (app) => {
    const { pid } = stack.service(app);
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    const urls = environment.filter((line) => /postgres(ql)?:|amqp:/.test(line)).map((line) => line.split('=', 1)[0]);
    const own = databaseApps.some((name) => name === app) ? [`${app.toUpperCase()}_DATABASE_URL`] : [];
    expect(urls.toSorted()).toEqual([...(hasMessaging(app) ? ['AMQP_URL'] : []), ...own].sort());
    const secrets = environment
      .filter((line) => /^\w*(SECRETS?|SESSION_KEY)=./.test(line))
      .map((line) => line.split('=', 1)[0]);
    expect(secrets.toSorted()).toEqual(
      {
        console: ['OIDC_CLIENT_SECRET', 'SESSION_KEY'],
        gateway: ['CONVERSIONS_SECRETS'],
        payments: ['WEBHOOK_STANDARD_SECRETS', 'WEBHOOK_STRIPE_SECRETS'],
      }[app as string] ?? [],
    );
  });

  it('has harmed nothing: the order is paid, and closes', async () => {
    await scenario.pay({ amountMinor: 500, orderId });
    await scenario.settled(orderId);
    await quiet(stack, { parkedAllowed: true });
    await proveInvariants(scenario);
  });
});
