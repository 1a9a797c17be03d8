import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { browserTests } from './support/browser-tests.js';

const policy = "default-src 'none'; style-src 'self'; require-trusted-types-for 'script'; trusted-types default";

const page = (body: string) =>
  `<!doctype html><html lang="en"><title>A page</title><main><h1>A page</h1>${body}</main></html>`;

/** Pages that each break one of the rules, and one that breaks none. */
const pages: Readonly<Record<string, string>> = {
  '/whole': page('<button>Order this class</button>'),
  '/unlabelled': page('<input>'),
  '/script': page('<script>1</script>'),
  '/style': page('<p style="color: red">red</p>'),
  '/wide': page(`<p>${'wide'.repeat(100)}</p>`),
  '/missing': page('<link rel="stylesheet" href="/nowhere.css">'),
};

let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer(({ url: path = '' }, response) => {
    const found = pages[path];
    response.writeHead(found ? 200 : 404, { 'content-type': 'text/html', 'content-security-policy': policy });
    response.end(found ?? 'nothing');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
});

browserTests('a stop', (test) => {
  test('accepts a page without a fault, and a narrow one that fits', async ({ person }) => {
    const somebody = await person('somebody', { width: 320 });
    await somebody.open(`${url}/whole`);
    await somebody.stop({ fits: true });
  });

  const faults: readonly (readonly [string, RegExp])[] = [
    ['/unlabelled', /axe label: Form elements must have labels at input/],
    ['/script', /policy violated: script-src-elem by inline/],
    ['/style', /policy violated: style-src-attr by inline/],
    ['/wide', /the page is \d+ wide in 320, for example by <p>wide/],
    ['/missing', /GET \/nowhere\.css was answered 404/],
  ];
  for (const [path, fault] of faults) {
    test(`refuses ${path}`, async ({ person }) => {
      const somebody = await person('somebody', { width: 320 });
      await somebody.open(url + path);
      await expect(somebody.stop({ fits: true })).rejects.toThrow(fault);
    });
  }

  test('refuses what scripts do wrong: errors, warnings, sinks without a policy', async ({ person }) => {
    const somebody = await person('somebody');
    await somebody.open(`${url}/whole`);
    await somebody.page.evaluate(`setTimeout(() => { throw new Error('thrown') }), console.warn('warned')`);
    await somebody.page.evaluate(`try { document.body.innerHTML = '<b>x</b>' } catch {}`);
    const refused = somebody.stop();
    await expect(refused).rejects.toThrow(/uncaught thrown/);
    await expect(refused).rejects.toThrow(/console warning: warned/);
    await expect(refused).rejects.toThrow(/policy violated: require-trusted-types-for/);
  });
});

browserTests('a browser', (test) => {
  test('is in the zone, at the time and of the size that the test wants', async ({ person }) => {
    const now = '2026-03-02T00:29:00Z';
    const somebody = await person('somebody', { timeZone: 'Asia/Kolkata', now, locale: 'de-DE', width: 390 });
    await somebody.open(`${url}/whole`);
    const seen = await somebody.page.evaluate('[new Date().toLocaleTimeString(), innerWidth]');
    expect(seen).toEqual([expect.stringMatching(/^05:59:0\d$/), 390]);
  });

  test('leaves a screenshot and a trace of what failed', async ({ person }) => {
    const somebody = await person('somebody');
    await somebody.open(`${url}/whole`);
    const { keepTraces } = await import('./support/traces.js');
    const { message } = await keepTraces(new Error('failed'), 'a test of traces', [somebody]);
    expect(message).toMatch(/failed\nsomebody was at http:.*\/whole: \/.*somebody\.png, \/.*somebody\.zip/);
  });
});
