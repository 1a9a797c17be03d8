import net from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { post } from '../../../../../test/support/messages/provider-notifications.js';
import { type TcpProxy, tcpProxy } from '../../../../../test/support/servers/tcp-proxy.js';
import { testRedisUrl } from '../../../../../test/support/servers/test-redis.js';
import { applied, NotifiedPerson } from '../../../test/notified-person.js';
import { type PaymentsApp, startPayments } from '../../../test/payments-app.js';

const one = NotifiedPerson.inEachTest();
const { standard, stripe, answerTo, available, kept } = one;

describe('while a server is away', () => {
  it('Postgres: 503 with Retry-After, and the provider’s repeat is applied', async () => {
    const line = await cuttableLine(one.service.databaseUrl);
    const remote = await startPayments({ databaseUrl: line.url, clock: one.service.clock });
    const notification = standard();
    line.cut();
    const response = await post(remote.url, notification);
    expect([response.status, response.headers.has('retry-after')]).toEqual([503, true]);
    expect(await response.json()).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    line.mend();
    expect(await answerTo(notification, remote)).toEqual(applied);
    expect(await available()).toBe(1_000);
    await remote.close();
    line.close();
  });

  it('Postgres hangs: 503 within five seconds, and what was under way is one payment', async () => {
    const line = await cuttableLine(one.service.databaseUrl);
    const remote = await startPayments({ databaseUrl: line.url, clock: one.service.clock });
    const notification = standard();
    line.stall();
    const began = performance.now();
    expect((await answerTo(notification, remote)).status).toBe(503);
    expect(performance.now() - began).toBeLessThan(5_000);
    line.mend();
    const { status, body } = await answerTo(notification, remote);
    expect([status, ['applied', 'duplicate']]).toEqual([
      200,
      expect.arrayContaining([(body as { verdict: string }).verdict]),
    ]);
    expect(await available()).toBe(1_000);
    await remote.close();
    line.close();
  });
});

describe.each([
  ['away', 'cut'],
  ['hanging', 'hang'],
] as const)('while Redis is %s', (_, breakLine) => {
  let line: TcpProxy;
  let remote: PaymentsApp;

  beforeAll(async () => {
    line = await tcpProxy(testRedisUrl());
    remote = await startPayments({
      databaseUrl: one.service.databaseUrl,
      redisUrl: line.url,
      clock: one.service.clock,
    });
    line[breakLine]();
  });

  // The service stops, too.
  afterAll(async () => {
    await remote.close();
    await line.close();
  });

  it('a notification is applied', async () => {
    expect(await answerTo(standard(), remote)).toEqual(applied);
    expect(await answerTo(stripe(), remote)).toEqual(applied);
    expect(await available()).toBe(2_000);
  });

  it('a forged one is refused promptly, and kept', async () => {
    const forged = { ...standard(), headers: {} };
    const began = performance.now();
    for (let sent = 0; sent < 3; sent += 1) expect((await answerTo(forged, remote)).status).toBe(401);
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(await kept(forged.body)).toHaveLength(3);
  });
});

/** A TCP line to a server, which a test can cut, stall and mend. */
async function cuttableLine(to: string) {
  const target = new URL(to);
  const pairs = new Set<[net.Socket, net.Socket]>();
  let whole = true;
  let stalled = false;
  const server = net.createServer((near) => {
    if (!whole) return void near.destroy();
    const far = net.connect(Number(target.port), target.hostname);
    const pair: [net.Socket, net.Socket] = [near, far];
    pairs.add(pair);
    far.pipe(near);
    if (!stalled) near.pipe(far);
    for (const socket of pair) {
      socket.on('error', () => {});
      socket.on('close', () => {
        pairs.delete(pair);
        for (const either of pair) either.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(to);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as net.AddressInfo).port);
  const cut = () => {
    whole = false;
    for (const pair of pairs) for (const socket of pair) socket.destroy();
  };
  return {
    url: url.href,
    cut,
    stall: () => {
      stalled = true;
      for (const [near, far] of pairs) {
        near.unpipe(far);
        near.pause();
      }
    },
    mend: () => {
      whole = true;
      stalled = false;
      for (const [near, far] of pairs) near.pipe(far);
    },
    close: () => {
      cut();
      server.close();
    },
  };
}
