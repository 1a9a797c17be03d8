import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { issuerOf, issuerVariables } from '#identity/token-issuer.js';
import { migrate } from '#persistence/migrate.js';
import { testBrokerUrl } from '../../../test/support/servers/test-broker.js';
import { type TestDatabase, testDatabase } from '../../../test/support/servers/test-database.js';
import { testRedisUrl } from '../../../test/support/servers/test-redis.js';
import { opsDatabase } from '../src/database.js';
import type { Instance, OpsSettings } from '../src/ops.config.js';
import { createOps } from '../src/ops.http.js';

const issuer = 'https://issuer.test';
const audience = 'matricula';

/** A fake instance of a service: its readiness and its metrics. */
export interface FakeInstance {
  ready: { status: number; body: unknown };
  metrics: string;
  readonly url: string;
  close(): Promise<void>;
}

export async function fakeInstance(host = '127.0.0.1', port = 0): Promise<FakeInstance> {
  const server: Server = createServer((request, response) => {
    if (request.url === '/metrics') return void response.end(instance.metrics);
    response.writeHead(instance.ready.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(instance.ready.body));
  });
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  const instance: FakeInstance = {
    ready: { status: 200, body: { status: 'ok', details: {} } },
    metrics: '',
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return instance;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: each test expects another body
  readonly body: any;
}

/** The operators' server on real servers, with a client. */
export interface OpsEnvironment {
  readonly app: NestFastifyApplication;
  readonly settings: OpsSettings;
  readonly url: string;
  token(role: string, subject?: string): Promise<string>;
  request(path: string, init?: RequestInit & { token?: string }): Promise<Answer>;
  close(): Promise<void>;
}

export async function opsEnvironment(
  instances: readonly Instance[],
  other: Partial<OpsSettings> = {},
  wayToDatabase = async (url: string) => url,
): Promise<OpsEnvironment> {
  const folder = await mkdtemp(join(tmpdir(), 'ops-'));
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  await writeFile(
    join(folder, 'jwks.json'),
    JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256' }] }),
  );
  const database: TestDatabase = await testDatabase((url) => migrate(opsDatabase(url)));
  const settings: OpsSettings = {
    production: false,
    host: '127.0.0.1',
    port: 0,
    operations: { host: '127.0.0.1', port: 0 },
    logLevel: 'silent',
    trustProxy: false,
    databaseUrl: await wayToDatabase(database.url),
    amqpUrl: testBrokerUrl(),
    redisUrl: testRedisUrl(),
    issuer: issuerOf(
      issuerVariables.parse({
        AUTH_ISSUER: issuer,
        AUTH_AUDIENCE: audience,
        AUTH_JWKS: pathToFileURL(join(folder, 'jwks.json')).href,
      }),
    ),
    instances,
    ...other,
  };
  const app = await createOps(settings);
  await app.listen(0, '127.0.0.1');
  const url = (await app.getUrl()).replace('[::1]', '127.0.0.1');

  return {
    app,
    settings,
    url,
    token: (role, subject = `${role}-1`) =>
      new SignJWT({ role })
        .setProtectedHeader({ alg: 'ES256' })
        .setSubject(subject)
        .setIssuer(issuer)
        .setAudience(audience)
        .setExpirationTime('1h')
        .sign(privateKey),
    async request(path, { token, ...init } = {}) {
      const headers = new Headers(init.headers);
      if (token) headers.set('authorization', `Bearer ${token}`);
      const answer = await fetch(`${url}${path}`, { redirect: 'manual', ...init, headers });
      const text = await answer.text();
      const isJson = answer.headers.get('content-type')?.includes('json');
      return { status: answer.status, headers: answer.headers, text, body: isJson ? JSON.parse(text) : undefined };
    },
    async close() {
      await app.close();
      await database.drop();
      await rm(folder, { recursive: true });
    },
  };
}
