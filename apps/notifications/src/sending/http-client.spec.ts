import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Receiver } from '../../test/receiver.js';
import type { NotificationsSettings } from '../notifications.config.js';
import { HttpClient, Resolver } from './http-client.js';

/** A name server whose answers the test decides, one after the other; the last one stays. */
class ScriptedResolver extends Resolver {
  readonly resolved: string[] = [];
  answers: string[][] = [];

  async resolve(name: string) {
    this.resolved.push(name);
    const addresses = this.answers.length > 1 ? this.answers.shift() : this.answers[0];
    if (!addresses) throw new Error(`no answer for ${name}`);
    return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  }
}

let receiver: Receiver;
let resolver: ScriptedResolver;
let client: HttpClient;

beforeEach(async () => {
  receiver = await Receiver.open();
  resolver = new ScriptedResolver();
  client = clientWith(['127.0.0.1/32']);
});
afterEach(async () => {
  await client.onApplicationShutdown();
  await receiver[Symbol.asyncDispose]();
});

function clientWith(privateNetworks: readonly string[]): HttpClient {
  const made = new HttpClient(resolver, {
    allowedTargets: { privateNetworks, plainHttp: true },
  } as unknown as NotificationsSettings);
  return Object.assign(made, { timeoutMs: 700 });
}

const urlBy = (name: string) => Object.assign(new URL(receiver.url), { hostname: name }).href;
const post = (url: string) => client.post(url, { 'content-type': 'application/json' }, '{}');

describe('a name', () => {
  it('is resolved once, and the connection goes to the address that was checked', async () => {
    resolver.answers = [['127.0.0.1'], ['10.0.0.1']];
    expect(await post(urlBy('hooks.test'))).toMatchObject({ status: 204 });
    expect(resolver.resolved).toEqual(['hooks.test']);
    expect(receiver.received[0]?.headers.host).toMatch(/^hooks\.test:\d+$/);
  });

  it('is checked at each connection: one that changes to a private address gets nothing', async () => {
    resolver.answers = [['127.0.0.1'], ['127.0.0.2']];
    receiver.answer = (_, response) => {
      response.writeHead(204, { connection: 'close' }).end();
    };
    expect(await post(urlBy('hooks.test'))).toMatchObject({ status: 204 });
    expect(await post(urlBy('hooks.test'))).toMatchObject({ error: 'address-not-allowed' });
    expect(receiver.received.length).toBe(1);
  });

  it.each([
    ['a private address', ['10.0.0.1']],
    ['the metadata service', ['169.254.169.254']],
    ['loopback by IPv6', ['::1']],
    ['IPv4 in IPv6', ['::ffff:127.0.0.2']],
    ['a public and a private address', ['8.8.8.8', '10.0.0.1']],
    ['an allowed and a private address', ['127.0.0.1', '10.0.0.1']],
  ])('of %s is not connected to', async (_, addresses) => {
    resolver.answers = [addresses];
    expect(await post(urlBy('hooks.test'))).toMatchObject({ error: 'address-not-allowed' });
    expect(receiver.received).toEqual([]);
  });

  it('without an address is a failure', async () => {
    resolver.answers = [[]];
    expect(await post(urlBy('hooks.test'))).toMatchObject({ error: 'name-not-resolved' });
    resolver.answers = [];
    expect(await post(urlBy('hooks.test'))).toMatchObject({ error: 'name-not-resolved' });
  });
});

it('an address that is not allowed is not connected to', async () => {
  await client.onApplicationShutdown();
  client = clientWith([]);
  expect(await post(receiver.url)).toMatchObject({ error: 'address-not-allowed' });
  expect(receiver.received).toEqual([]);
  expect(resolver.resolved).toEqual([]);
});

it('a redirect is not followed', async () => {
  receiver.answers(302, { location: 'http://169.254.169.254/latest/meta-data/' });
  expect(await post(receiver.url)).toMatchObject({ status: 302 });
  receiver.answers(307, { location: receiver.url });
  expect(await post(receiver.url)).toMatchObject({ status: 307 });
  expect(receiver.received.length).toBe(2);
});

it('a certificate of nobody who is trusted is a failure, at the address that was checked', async () => {
  const file = (name: string) => readFileSync(join(import.meta.dirname, '../../../../test/support/tls', name));
  const server = createServer({ cert: file('localhost.crt'), key: file('localhost.key') });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  resolver.answers = [['127.0.0.1']];
  const { port } = server.address() as AddressInfo;
  expect(await post(`https://localhost:${port}/`)).toMatchObject({ error: 'tls' });
  expect(resolver.resolved).toEqual(['localhost']);
  await new Promise((resolve) => server.close(resolve));
});

it('an answer that does not come in time is a failure', async () => {
  receiver.answer = () => {};
  const answer = await post(receiver.url);
  expect(answer).toMatchObject({ error: 'timeout' });
  expect(answer.durationMs).toBeLessThan(3_000);
});

it('of an endless answer the beginning is read', async () => {
  receiver.answer = (_, response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write('x'.repeat(10_000)), 1);
    response.on('close', () => clearInterval(timer));
  };
  const answer = await post(receiver.url);
  expect(answer).toMatchObject({ status: 200, answer: 'x'.repeat(1_000) });
});

it('of an answer that stalls the status counts, in bounded time', async () => {
  receiver.answer = (_, response) => {
    response.writeHead(200).write('x');
  };
  const answer = await post(receiver.url);
  expect(answer).toMatchObject({ status: 200 });
  expect(answer.durationMs).toBeLessThan(3_000);
});

it('a server that is not there, or breaks off, is a failure', async () => {
  receiver.answer = (_, response) => {
    response.socket?.destroy();
  };
  expect(await post(receiver.url)).toMatchObject({ error: 'connection' });
  await receiver[Symbol.asyncDispose]();
  expect(await post(receiver.url)).toMatchObject({ error: 'connection' });
});
