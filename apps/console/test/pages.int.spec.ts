import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConsoleEnvironment } from './console-environment.js';

const script = 'export const text = "a script that is long enough";';
const start = '<!doctype html><title>Console</title>';
const folder = mkdtempSync(join(tmpdir(), 'pages-'));
const pages = join(folder, 'web');

let console: ConsoleEnvironment;
beforeAll(async () => {
  mkdirSync(join(pages, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  writeFileSync(join(pages, 'index.html'), start);
  writeFileSync(join(pages, 'favicon.svg'), '<svg/>');
  writeFileSync(join(pages, 'assets/index-B_RY1K1x.js'), script);
  writeFileSync(join(pages, 'assets/index-B_RY1K1x.js.map'), '{}');
  writeFileSync(join(pages, 'assets/index-B_RY1K1x.js.br'), brotliCompressSync(script));
  writeFileSync(join(pages, 'assets/index-B_RY1K1x.js.gz'), gzipSync(script));
  console = await ConsoleEnvironment.create({ pages });
});
afterAll(async () => {
  await console.close();
  rmSync(folder, { recursive: true });
});

const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(console.url + path, { method, headers: { 'accept-encoding': 'identity', ...headers } });
/** Sends a path as it is written. */
const getRaw = (path: string) =>
  new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
    const { hostname, port } = new URL(console.url);
    const sent = request({ hostname, port, path }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () => resolve({ status: answer.statusCode, text }));
    });
    sent.on('error', reject).end();
  });

describe('a page', () => {
  it.each(['/', '/index.html', '/classes/1?code=WELCOME-20', '/deep/er/path', '/authors', '/apis'])(
    'at %s is the start page, which is checked each time',
    async (path) => {
      const answer = await get(path);
      expect([answer.status, await answer.text()]).toEqual([200, start]);
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(answer.headers.get('cache-control')).toBe('no-cache');
    },
  );

  it('runs under a policy without exceptions, and in no frame', async () => {
    const { headers } = await get('/');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy.split('; ')).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        'trusted-types default',
      ]),
    );
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(Object.fromEntries(headers)).toMatchObject({
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('geolocation=()'),
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
    // Browsers ignore it over http, and it would forbid http for good where they do not.
    expect(headers.get('strict-transport-security')).toBeNull();
  });

  it.each([
    ['/api', 404],
    ['/auth', 404],
    ['/auth/nothing', 404],
    ['/assets/index-Old.js', 404],
    ['/assets/index-B_RY1K1x.js.map', 404],
    ['/assets/', 404],
  ])('is not at %s', async (path, status) => {
    const answer = await get(path);
    expect([answer.status, await answer.json()]).toMatchObject([status, { code: 'NOT_FOUND' }]);
  });

  it('is only read', async () => {
    const answer = await get('/classes', {}, 'POST');
    expect([answer.status, answer.headers.get('allow'), await answer.json()]).toMatchObject([
      405,
      'GET, HEAD',
      { code: 'METHOD_NOT_ALLOWED' },
    ]);
  });

  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%5c..%5csecret.txt',
    '//secret.txt',
    '/./../secret.txt',
    `/${'../'.repeat(12)}etc/passwd`,
    '/assets/%00',
  ])('is never a file of another folder: %s', async (path) => {
    const { status, text } = await getRaw(path);
    expect([200, 400, 404]).toContain(status);
    expect(text).not.toMatch(/^secret|root:/);
    if (status === 200) expect(text).toBe(start);
  });
});

describe('an asset', () => {
  const path = '/assets/index-B_RY1K1x.js';

  it.each([
    ['br, gzip', 'br'],
    ['gzip, deflate, br;q=0', 'gzip'],
    ['GZIP;q=0.5', 'gzip'],
    ['identity', null],
    ['br;q=0.0', null],
  ])('is sent as it was compressed, for Accept-Encoding %s', async (accepted, encoding) => {
    const answer = await get(path, { 'accept-encoding': accepted });
    expect(answer.headers.get('content-encoding')).toBe(encoding);
    expect(await answer.text()).toBe(script);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'accept-encoding',
    });
  });

  it('is sent again only when it has changed', async () => {
    for (const one of [path, '/']) {
      const etag = (await get(one)).headers.get('etag') as string;
      const known = await get(one, { 'if-none-match': `"old", W/${etag}` });
      expect([known.status, await known.text()]).toEqual([304, '']);
      expect((await get(one, { 'if-none-match': '"old"' })).status).toBe(200);
    }
  });

  it('has a length without a body for HEAD', async () => {
    const answer = await get('/favicon.svg', {}, 'HEAD');
    expect([answer.status, answer.headers.get('content-length'), await answer.text()]).toEqual([200, '6', '']);
    expect(answer.headers.get('content-type')).toBe('image/svg+xml');
  });
});

describe('over https', () => {
  it('cookies are Secure and of this host alone, and browsers stay with https', async () => {
    const secure = await ConsoleEnvironment.create({ pages, settings: { CONSOLE_URL: 'https://console.test' } });
    try {
      const { headers } = await fetch(`${secure.url}/auth/sign-in`, { redirect: 'manual' });
      expect(headers.getSetCookie()).toEqual([
        expect.stringMatching(
          /^__Host-matricula-sign-in=[\w.-]+; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=600$/,
        ),
      ]);
      expect(headers.get('location')).toContain(encodeURIComponent('https://console.test/auth/callback'));
      expect(headers.get('strict-transport-security')).toMatch(/^max-age=\d{7,}/);
    } finally {
      await secure.close();
    }
  });
});
