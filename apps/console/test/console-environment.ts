import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { exportJWK, generateKeyPair } from 'jose';
import { OperationsServer } from '#http/operations-server.js';
import { HttpBrowser } from '../../../test/support/console/http-browser.ts';
import { type RunningProvider, startProvider } from '../../../tools/openid/provider.ts';
import { type ConsoleSettings, readConsoleConfig } from '../src/console.config.js';
import { createConsole } from '../src/console.http.js';

/** A request as it reached the gateway. */
export interface Relayed {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

interface Options {
  /** Of access tokens. */
  readonly tokenSeconds?: number;
  /** Settings of the console beyond the usual ones. */
  readonly settings?: NodeJS.ProcessEnv;
  readonly pages?: string;
}

/** A console as it is, the real local provider, and a gateway that answers what a test wants and notes what it got. */
export class ConsoleEnvironment {
  readonly relayed: Relayed[] = [];
  /** The names of members who are registered, by the subject of their token. */
  readonly persons = new Map<string, string>();
  private readonly others: NestFastifyApplication[] = [];
  /** Replaces the answers of the gateway; the default one is 200 with what it got. */
  answer: RequestListener | undefined;
  /** Codes with which the next registrations of persons are refused. */
  readonly refusals: string[] = [];
  /** The status of every answer about persons, while the gateway is away for them. */
  failing: number | undefined;

  private constructor(
    readonly app: NestFastifyApplication,
    readonly settings: ConsoleSettings,
    readonly provider: RunningProvider,
    private readonly gateway: Server,
    private readonly folder: string,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.settings.port}`;
  }

  static async create({ tokenSeconds = 600, settings = {}, pages }: Options = {}): Promise<ConsoleEnvironment> {
    const folder = mkdtempSync(join(tmpdir(), 'console-'));
    const gateway = createServer();
    const [gatewayPort, consolePort, providerPort] = await Promise.all([listen(gateway), freePort(), freePort()]);
    const url = `http://127.0.0.1:${consolePort}`;
    const issuer = `http://127.0.0.1:${providerPort}`;
    const key = await generateKeyPair('EdDSA', { extractable: true });
    const names = { kid: 'test', alg: 'EdDSA', use: 'sig' };
    const jwks = { keys: [{ ...(await exportJWK(key.publicKey)), ...names }] };
    writeFileSync(join(folder, 'jwks.json'), JSON.stringify(jwks));
    const client = {
      id: 'console',
      secret: randomBytes(16).toString('hex'),
      redirectUris: [`${url}/auth/callback`],
      postLogoutRedirectUris: [`${url}/`],
    };
    const signing = { ...(await exportJWK(key.privateKey)), ...names };
    const provider = await startProvider(
      { issuer, audience: 'matricula', key: signing, client, tokenSeconds },
      providerPort,
    );
    const read = readConsoleConfig({
      NODE_ENV: 'test',
      LOG_LEVEL: process.env.TEST_LOG ? 'debug' : 'silent',
      CONSOLE_PORT: String(consolePort),
      CONSOLE_URL: url,
      GATEWAY_URL: `http://127.0.0.1:${gatewayPort}`,
      AUTH_ISSUER: issuer,
      AUTH_AUDIENCE: 'matricula',
      AUTH_JWKS: `file://${join(folder, 'jwks.json')}`,
      OIDC_CLIENT_ID: client.id,
      OIDC_CLIENT_SECRET: client.secret,
      SESSION_KEY: randomBytes(32).toString('base64'),
      ...settings,
    });
    const app = await createConsole({ ...read, pages: pages ?? folder });
    await app.listen(consolePort, '127.0.0.1');
    const environment = new ConsoleEnvironment(app, read, provider, gateway, folder);
    gateway.on('request', (request, response) => environment.receive(request, response));
    return environment;
  }

  /** A browser in which somebody with this role, or a member of this name, has signed in. */
  async signedIn(role = 'member'): Promise<HttpBrowser> {
    const browser = new HttpBrowser();
    const page = await browser.signIn(this.url, { role });
    if (new URL(page.url).origin !== this.url) throw new Error(`not signed in: ${page.url} ${page.text}`);
    this.relayed.length = 0;
    return browser;
  }

  /** Another instance of the console, behind the same public address. Answers where it is. */
  async anotherInstance(): Promise<string> {
    const app = await createConsole({ ...this.settings, pages: this.folder });
    this.others.push(app);
    const port = await freePort();
    await app.listen(port, '127.0.0.1');
    return `http://127.0.0.1:${port}`;
  }

  async openGateway(port: number): Promise<void> {
    await listen(this.gateway, port);
  }

  /** Where health and metrics are. */
  operationsUrl(): Promise<string> {
    return this.app.get(OperationsServer, { strict: false }).listen({ host: '127.0.0.1', port: 0 });
  }

  async closeGateway(): Promise<void> {
    this.gateway.closeAllConnections();
    await new Promise((resolve) => this.gateway.close(resolve));
  }

  async close(): Promise<void> {
    await Promise.all([this.app, ...this.others].map((app) => app.close()));
    await this.provider.close().catch(() => {});
    await this.closeGateway().catch(() => {});
    rmSync(this.folder, { recursive: true });
  }

  private receive: RequestListener = async (request, response) => {
    if (this.answer && !request.url?.startsWith('/api/persons')) return this.answer(request, response);
    let body = '';
    for await (const chunk of request) body += chunk;
    const { method = '', url = '', headers } = request;
    this.relayed.push({ method, url, headers, body });
    const [, claims = ''] = (headers.authorization ?? '').split('.');
    const { sub } = JSON.parse(Buffer.from(claims, 'base64url').toString() || '{}') as { sub?: string };
    const send = (status: number, content: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content));
    if (this.failing && url.startsWith('/api/persons')) return send(this.failing, { code: 'SERVICE_UNAVAILABLE' });
    if (url === '/api/persons' && sub) {
      const code = this.refusals.shift();
      const { name } = JSON.parse(body) as { name: string };
      if (code === 'PERSON_EXISTS') this.persons.set(sub, name);
      if (code) return send(code === 'EMAIL_TAKEN' ? 422 : 409, { code, detail: `refused: ${code}` });
      this.persons.set(sub, name);
      return send(201, { person_id: sub, name });
    }
    if (url === '/api/persons/me') {
      const name = this.persons.get(sub ?? '');
      if (name !== undefined) return send(200, { person_id: sub, name });
      return send(404, { code: 'PERSON_NOT_FOUND', detail: 'There is no such person.' });
    }
    return send(200, { method, url, body });
  };
}

export function listen(server: Server, port = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    server
      .once('error', reject)
      .listen({ port, host: '127.0.0.1' }, () => resolve((server.address() as AddressInfo).port));
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
