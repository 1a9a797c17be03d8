import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import amqp, { type ChannelModel, type ConfirmChannel } from 'amqplib';
import { eventually } from '../../../test/support/eventually.js';
import { type TcpProxy, tcpProxy } from '../../../test/support/servers/tcp-proxy.js';
import { testBrokerUrl, testBrokerUser } from '../../../test/support/servers/test-broker.js';
import { type OpsEnvironment, opsEnvironment } from './ops-environment.js';

const type = 'payments.payment-registered.v1';
const hostile = '<script>alert(1)</script>';

describe('parked messages', () => {
  let environment: OpsEnvironment;
  let token: string;
  let connection: ChannelModel;
  let channel: ConfirmChannel;

  async function park(
    parkedId: string,
    body: string = JSON.stringify({
      specversion: '1.0',
      id: randomUUID(),
      source: 'payments',
      type,
      subject: 'p-1',
      time: '2026-03-02T09:00:00Z',
      data: { note: hostile },
    }),
  ) {
    channel.sendToQueue('subscriptions.parked', Buffer.from(body), {
      persistent: true,
      userId: testBrokerUser(),
      type,
      messageId: randomUUID(),
      contentType: 'application/cloudevents+json; charset=utf-8',
      headers: {
        'parked-id': parkedId,
        'parked-reason': 'bug',
        'parked-detail': `TypeError: ${hostile}\n    at handler`,
        'parked-at': '2026-03-02T09:00:01Z',
        attempts: 2,
      },
    });
    await channel.waitForConfirms();
  }

  const list = async () => (await environment.request('/api/parked/subscriptions', { token })).body;
  const act = (what: string, body: unknown) =>
    environment.request(`/api/parked/subscriptions/${what}`, {
      method: 'POST',
      token,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const actions = async () => (await environment.request('/api/actions', { token })).body;

  beforeAll(async () => {
    environment = await opsEnvironment([]);
    token = await environment.token('ops', 'olga');
    connection = await amqp.connect(testBrokerUrl());
    channel = await connection.createConfirmChannel();
    await eventually(async () =>
      expect((await environment.request('/api/parked/subscriptions', { token })).status).toBe(200),
    );
  });

  beforeEach(async () => {
    await channel.purgeQueue('subscriptions.parked');
    await channel.purgeQueue('subscriptions');
  });

  afterAll(async () => {
    await connection?.close();
    await environment?.close();
  });

  it('are listed with type, reason, time and number of attempts', async () => {
    await park('one');
    await eventually(async () => expect((await list()).total).toBe(1));
    expect((await list()).items[0]).toMatchObject({
      parked_id: 'one',
      type,
      subject: 'p-1',
      reason: 'bug',
      detail: expect.stringContaining('TypeError'),
      parked_at: '2026-03-02T09:00:01Z',
      attempts: 2,
    });
    const { body } = await environment.request('/api/parked/subscriptions/one', { token });
    expect(JSON.parse(body.body).data).toEqual({ note: hostile });
  });

  it('return to their queue when replayed, and the replay is recorded', async () => {
    await park('one');
    await park('two');
    await eventually(async () => expect((await list()).total).toBe(2));
    expect(await act('replay', { parked_ids: ['two'] })).toMatchObject({ status: 200, body: { replayed: 1 } });
    const back = await eventually(async () => await channel.get('subscriptions', { noAck: true }));
    expect(back).toMatchObject({ properties: { type, deliveryMode: 2 } });
    expect((await list()).items.map(({ parked_id }: { parked_id: string }) => parked_id)).toEqual(['one']);
    expect((await actions()).items[0]).toMatchObject({
      kind: 'replay',
      place: 'subscriptions',
      operator: 'olga',
      messages: 1,
      failure: null,
      done_at: expect.any(String),
    });
  });

  it('return to their queue all together when all are replayed', async () => {
    for (const parkedId of ['one', 'two', 'three']) await park(parkedId);
    await eventually(async () => expect((await list()).total).toBe(3));
    expect(await act('replay', { all: true })).toMatchObject({ body: { replayed: 3 } });
    await eventually(async () => expect((await channel.checkQueue('subscriptions')).messageCount).toBe(3));
    expect((await list()).total).toBe(0);
  });

  it('are removed when discarded, and the record keeps their bodies and the reason', async () => {
    await park('one', `not json \0 ${hostile}`);
    await eventually(async () => expect((await list()).total).toBe(1));
    expect(await act('discard', { parked_ids: ['one'], reason: 'a test of the provider' })).toMatchObject({
      body: { discarded: 1 },
    });
    await eventually(async () => expect((await list()).total).toBe(0));
    const [action] = (await actions()).items;
    expect(action).toMatchObject({ kind: 'discard', operator: 'olga', reason: 'a test of the provider', messages: 1 });
    const page = await environment.request(`/actions/${action.id}`, { token });
    expect(page.text).toContain('not json');
    expect(page.text).not.toContain(hostile);
  });

  it('are not discarded without a reason, and no message of a set is when one does not exist', async () => {
    await park('one');
    await eventually(async () => expect((await list()).total).toBe(1));
    const before = (await actions()).total;
    for (const reason of [' ', 'nothing\0more']) {
      expect(await act('discard', { parked_ids: ['one'], reason })).toMatchObject({
        status: 400,
        body: { field: expect.stringContaining('reason') },
      });
    }
    expect(await act('discard', { parked_ids: ['one', 'gone'], reason: 'a test' })).toMatchObject({
      status: 404,
      body: { code: 'PARKED_MESSAGE_NOT_FOUND' },
    });
    expect((await list()).total).toBe(1);
    expect((await actions()).total).toBe(before);
  });

  it('that no longer exist cannot be replayed, and the attempt is recorded', async () => {
    expect(await act('replay', { parked_ids: ['gone'] })).toMatchObject({
      status: 404,
      body: { code: 'PARKED_MESSAGE_NOT_FOUND' },
    });
    expect((await actions()).items[0]).toMatchObject({ kind: 'replay', done_at: null, failure: expect.any(String) });
  });

  it('stay parked when no service consumes them, and the others are replayed once', async () => {
    const place = (what: string) => `/api/parked/unroutable${what}`;
    const put = (parkedId: string, kind: string) => {
      const said = { specversion: '1.0', id: randomUUID(), source: 'payments', type: kind, subject: 'p-1' };
      const content = Buffer.from(JSON.stringify({ ...said, time: '2026-03-02T09:00:00Z', data: {} }));
      const properties = {
        type: kind,
        messageId: said.id,
        headers: { 'parked-id': parkedId },
        userId: testBrokerUser(),
        persistent: true,
      };
      channel.sendToQueue('matricula.unroutable', content, properties);
    };
    await channel.purgeQueue('matricula.unroutable');
    put('routable', type);
    put('unknown', 'payments.unknown-type.v1');
    await channel.waitForConfirms();
    await eventually(async () => expect((await environment.request(place(''), { token })).body.total).toBe(2));
    const headers = { 'content-type': 'application/json' };
    const all = { method: 'POST', token, headers, body: JSON.stringify({ all: true }) };
    for (const replayed of [1, 0]) {
      expect(await environment.request(place('/replay'), all)).toMatchObject({
        status: 409,
        body: { code: 'NO_SUBSCRIBERS', details: { replayed, parked_ids: ['unknown'] } },
      });
      expect((await actions()).items[0]).toMatchObject({
        messages: replayed,
        done_at: null,
        failure: expect.stringContaining('payments.unknown-type.v1'),
      });
    }
    expect((await environment.request(place(''), { token })).body).toMatchObject({
      total: 1,
      items: [{ parked_id: 'unknown' }],
    });
    expect((await channel.checkQueue('subscriptions')).messageCount).toBe(1);
    await channel.purgeQueue('matricula.unroutable');
  });

  it.each([{}, { all: false }, { parked_ids: [] }, { parked_ids: ['one'], all: true }, 7])(
    'are not replayed by the invalid body %j',
    async (body) => {
      expect((await act('replay', body)).status).toBe(400);
    },
  );

  it('of an unknown place are refused', async () => {
    expect((await environment.request('/api/parked/bakery', { token })).status).toBe(400);
  });

  it('are read after a cursor while the ones before are replayed and others arrive', async () => {
    for (const parkedId of ['a1', 'a2', 'a3', 'a4']) await park(parkedId);
    await eventually(async () => expect((await list()).total).toBe(4));
    const read = async (query: string) => {
      const { status, body } = await environment.request(`/api/parked/subscriptions?${query}`, { token });
      return { status, ...body, items: body.items?.map(({ parked_id }: { parked_id: string }) => parked_id) };
    };
    const first = await read('limit=2');
    expect(first).toMatchObject({ items: ['a1', 'a2'], total: 4, page: 1, limit: 2, next_cursor: expect.any(String) });
    const shown = await environment.request('/parked/subscriptions?limit=2', { token });
    expect(shown.text).toContain(`href="/parked/subscriptions?after=${first.next_cursor}&amp;limit=2"`);
    await act('replay', { parked_ids: ['a1', 'a2'] });
    for (const parkedId of ['a0', 'a5']) await park(parkedId);
    await eventually(async () => expect((await list()).total).toBe(4));
    const second = await read(`limit=2&count=false&after=${first.next_cursor}`);
    expect(second).toEqual({ status: 200, items: ['a3', 'a4'], limit: 2, next_cursor: expect.any(String) });
    expect(await read(`limit=2&after=${second.next_cursor}`)).toMatchObject({ items: ['a5'], next_cursor: null });
    expect(await read('after=nonsense')).toMatchObject({ status: 400, field: '/after' });
    expect(await read(`page=1&after=${first.next_cursor}`)).toMatchObject({ status: 400, field: '/after' });
  });

  it('are shown on pages as text, with forms to replay and discard them', async () => {
    await park('one');
    await eventually(async () => expect((await list()).total).toBe(1));
    for (const path of ['/parked', '/parked/subscriptions', '/parked/subscriptions/one', '/actions']) {
      const page = await environment.request(path, { token });
      expect(page.status).toBe(200);
      expect(page.text).not.toContain('<script');
    }
    const form = (what: string, fields: Record<string, string>) =>
      environment.request(`/parked/subscriptions/${what}`, {
        method: 'POST',
        headers: {
          cookie: `matricula_ops=${token}`,
          origin: environment.url,
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: new URLSearchParams(fields),
      });
    const short = await form('discard', { parked_id: 'one', reason: '' });
    expect(short.status).toBe(400);
    expect(short.headers.get('content-type')).toContain('text/html');
    const replayed = await form('replay', { parked_id: 'one' });
    expect([replayed.status, replayed.headers.get('location')]).toEqual([303, '/actions']);
    await eventually(async () => expect((await channel.checkQueue('subscriptions')).messageCount).toBe(1));
  });

  it('stay parked when the record of discarding them cannot be written', async () => {
    let line: TcpProxy | undefined;
    const other = await opsEnvironment([], {}, async (url) => {
      line = await tcpProxy(url);
      return line.url;
    });
    try {
      const operator = await other.token('ops');
      const discard = () =>
        other.request('/api/parked/subscriptions/discard', {
          method: 'POST',
          token: operator,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ parked_ids: ['one'], reason: 'a test' }),
        });
      await park('one');
      await eventually(async () => expect((await discardable(other, operator)).total).toBe(1));
      line?.cut();
      const answer = await discard();
      expect(answer).toMatchObject({ status: 503, body: { code: 'SERVICE_UNAVAILABLE' } });
      expect(answer.headers.get('retry-after')).toBe('2');
      expect((await discardable(other, operator)).total).toBe(1);
      line?.mend();
      await eventually(async () => expect(await discard()).toMatchObject({ status: 200 }));
    } finally {
      await other.close();
      await line?.close();
    }
  });

  const discardable = async (other: OpsEnvironment, operator: string) =>
    (await other.request('/api/parked/subscriptions', { token: operator })).body;
});
