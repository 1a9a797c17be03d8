import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { HttpBrowser } from '../../../test/support/console/http-browser.ts';
import { ConsoleEnvironment } from './console-environment.js';

const tokenSeconds = 8;
/** From then on a token of `tokenSeconds` is renewed, and somewhat later it has expired. */
const due = () => sleep(tokenSeconds * 750 + 100);
const expired = () => sleep(tokenSeconds * 1_000 + 1_100);

let console: ConsoleEnvironment;
afterEach(() => console.close());

const problemOf = async (answer: Response) => {
  const { code, detail } = (await answer.json()) as Record<string, string>;
  return { status: answer.status, code, detail, removes: /Max-Age=0/.test(answer.headers.getSetCookie().join()) };
};
const tokensOf = () => console.relayed.map(({ headers }) => headers.authorization);
/** How many refresh tokens the provider was sent from now on. */
const countRenewals = () => {
  const count = { renewals: 0 };
  console.provider.server.prependListener('request', ({ url, method }) => {
    if (method === 'POST' && url === '/token') count.renewals += 1;
  });
  return count;
};

describe('a session', () => {
  it('is renewed once, however many requests come together and late', async () => {
    console = await ConsoleEnvironment.create({ tokenSeconds });
    const browser = await console.signedIn('admin');
    const before = browser.cookies.get('matricula') as string;
    const count = countRenewals();
    await browser.send(`${console.url}/api/classes`);
    await due();

    const old = () => fetch(`${console.url}/api/classes`, { headers: { cookie: `matricula=${before}` } });
    const answers = await Promise.all(Array.from({ length: 30 }, old));
    const cookies = new Set(answers.flatMap(({ headers }) => headers.getSetCookie()));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(cookies.size).toBe(1);
    // A browser that has not seen the new cookie yet: the provider would take a second use for a theft.
    expect((await old()).status).toBe(200);
    expect(count.renewals).toBe(1);
    const [first, ...renewed] = tokensOf();
    expect(new Set(renewed).size).toBe(1);
    expect(renewed[0]).not.toBe(first);

    const [line = ''] = cookies;
    browser.cookies.set('matricula', /^matricula=([^;]+)/.exec(line)?.[1] as string);
    await due();
    expect((await browser.send(`${console.url}/auth/session`)).status).toBe(200);
    expect(count.renewals).toBe(2);
  });

  it('is renewed by one of several instances, though requests reach all of them', async () => {
    console = await ConsoleEnvironment.create({ tokenSeconds });
    const other = await console.anotherInstance();
    const browser = await console.signedIn('admin');
    const count = countRenewals();
    for (const renewals of [1, 2]) {
      const cookie = `matricula=${browser.cookies.get('matricula')}`;
      await due();
      const answers = await Promise.all(
        [console.url, other, console.url, other, other].map((url) =>
          fetch(`${url}/api/classes`, { headers: { cookie } }),
        ),
      );
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
      expect(count.renewals).toBe(renewals);
      const [line = ''] = answers.flatMap(({ headers }) => headers.getSetCookie());
      browser.cookies.set('matricula', /^matricula=([^;]+)/.exec(line)?.[1] as string);
    }
    // An instance that is gone is followed by another one, which is the first from then on.
    await console.app.close();
    await expired();
    expect((await browser.send(`${other}/auth/session`)).status).toBe(200);
    await due();
    expect((await browser.send(`${other}/api/classes`)).status).toBe(200);
    expect(count.renewals).toBe(4);
  });

  it('is not taken from a browser by an instance that comes too late to renew it', async () => {
    console = await ConsoleEnvironment.create({ tokenSeconds });
    const other = await console.anotherInstance();
    const browser = await console.signedIn('admin');
    const old = { headers: { cookie: `matricula=${browser.cookies.get('matricula')}` } };
    await expired();
    expect((await browser.send(`${console.url}/api/classes`)).status).toBe(200);
    expect(await problemOf(await fetch(`${other}/api/classes`, old))).toMatchObject({
      status: 401,
      code: 'SESSION_ENDED',
      removes: false,
    });
    expect((await browser.send(`${other}/api/classes`)).status).toBe(200);
  });

  it('ends with a clear problem when the provider refuses, and not before its token has expired', async () => {
    console = await ConsoleEnvironment.create({ tokenSeconds });
    const browser = await console.signedIn('admin');
    console.provider.accounts.clear();
    await due();
    expect((await browser.send(`${console.url}/api/classes`)).status).toBe(200);
    await expired();
    const answer = await problemOf(await browser.send(`${console.url}/api/classes`));
    const detail = 'Your session has ended. Sign in again.';
    expect(answer).toEqual({ status: 401, code: 'SESSION_ENDED', detail, removes: true });
    expect(browser.cookies.has('matricula')).toBe(false);
    expect((await browser.send(`${console.url}/api/classes`)).status).toBe(200);
    expect(tokensOf().at(-1)).toBeUndefined();
    expect(await problemOf(await browser.send(`${console.url}/auth/session`))).toMatchObject({
      status: 401,
      code: 'UNAUTHENTICATED',
    });
  });

  it('stays while the provider is away', async () => {
    console = await ConsoleEnvironment.create({ tokenSeconds });
    const browser = await console.signedIn('admin');
    // The provider takes its time to close, in which the token would expire.
    await Promise.all([console.provider.close(), due()]);
    expect((await browser.send(`${console.url}/api/classes`)).status).toBe(200);
    await expired();
    const answer = await browser.send(`${console.url}/api/classes`);
    expect(answer.headers.get('retry-after')).toBe('2');
    expect(await problemOf(answer)).toMatchObject({ status: 503, code: 'SERVICE_UNAVAILABLE', removes: false });
    expect(browser.cookies.has('matricula')).toBe(true);
  });

  it('ends when its account has another role', async () => {
    console = await ConsoleEnvironment.create({ tokenSeconds });
    const browser = await console.signedIn('admin');
    const account = console.provider.accounts.get('development-admin')!;
    console.provider.accounts.set('development-admin', { ...account, role: 'ops' });
    await expired();
    expect(await problemOf(await browser.send(`${console.url}/auth/session`))).toMatchObject({
      status: 401,
      code: 'SESSION_ENDED',
      removes: true,
    });
  });

  it('cannot be made or altered: its cookie opens only as it was sealed, by a key of this server', async () => {
    console = await ConsoleEnvironment.create();
    const browser = await console.signedIn('admin');
    const cookie = browser.cookies.get('matricula') as string;
    const [head, , iv, text, tag] = cookie.split('.') as [string, string, string, string, string];
    const flipped = (part: string) => (part.startsWith('A') ? 'B' : 'A') + part.slice(1);
    const plain = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
    const attempt = new HttpBrowser();
    await attempt.send(`${console.url}/auth/sign-in`);
    const altered = [
      [head, '', iv, flipped(text), tag],
      [head, '', iv, text, flipped(tag)],
      [head, '', flipped(iv), text, tag],
      [flipped(head), '', iv, text, tag],
      [plain, '', iv, text, tag],
    ].map((parts) => parts.join('.'));
    for (const wrong of [...altered, 'x', '....', attempt.cookies.get('matricula-sign-in') as string]) {
      const answer = await fetch(`${console.url}/api/classes`, { headers: { cookie: `matricula=${wrong}` } });
      expect([wrong, await problemOf(answer)]).toMatchObject([
        wrong,
        { status: 401, code: 'SESSION_INVALID', removes: true },
      ]);
    }
    expect(console.relayed).toEqual([]);
    expect((await browser.send(`${console.url}/auth/session`)).status).toBe(200);
  });

  it('is in a cookie that no script reads, and shows no token anywhere', async () => {
    console = await ConsoleEnvironment.create();
    const browser = new HttpBrowser();
    await browser.signIn(console.url, { role: 'admin' });
    const answer = await browser.send(`${console.url}/api/classes`);
    const token = tokensOf().at(-1)?.slice('Bearer '.length) as string;
    expect(token.split('.')).toHaveLength(3);
    const view = await (await browser.send(`${console.url}/auth/session`)).text();
    expect([browser.cookies.get('matricula'), view, ...answer.headers.values()].join()).not.toContain(token);
  });
});

describe('signing out', () => {
  it('removes the cookie, ends the session at the provider, and leads there and back', async () => {
    console = await ConsoleEnvironment.create({ tokenSeconds });
    const browser = await console.signedIn('admin');
    const stolen = browser.cookies.get('matricula') as string;
    const answer = await browser.send(`${console.url}/auth/sign-out`, { method: 'POST' });
    const { next } = (await answer.json()) as { next: string };
    expect([answer.status, browser.cookies.has('matricula')]).toEqual([200, false]);
    const provider = console.settings.provider.issuer.origin;
    expect(next).toMatch(new RegExp(`^${provider}/session/end\\?client_id=console&`));

    // A form of a page gets a page that leads there: a redirect would violate the policy of the page with the form.
    const form = {
      method: 'POST',
      body: new URLSearchParams(),
      headers: { accept: 'text/html', 'accept-language': 'de' },
    };
    const left = await fetch(`${console.url}/auth/sign-out`, {
      ...form,
      headers: { ...form.headers, cookie: `matricula=${stolen}`, 'sec-fetch-site': 'same-origin' },
    });
    expect([left.status, left.headers.getSetCookie().join()]).toEqual([200, expect.stringContaining('Max-Age=0')]);
    const leading = next.replaceAll('&', '&#38;');
    expect(await left.text()).toContain(`<meta http-equiv="refresh" content="0;url=${leading}">`);

    // The page of the provider sends its form by itself, in a browser with scripts.
    const confirm = await browser.open(next);
    const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(confirm.text) ?? [];
    const body = new URLSearchParams({ xsrf, logout: 'yes' });
    const home = await browser.open(`${provider}/session/end/confirm`, { method: 'POST', body });
    expect(home.url).toBe(`${console.url}/`);
    expect((await browser.open(`${console.url}/auth/sign-in`)).text).toContain('Alex Admin');

    // A copy of the cookie is worth nothing once its token has expired.
    await expired();
    const copy = await fetch(`${console.url}/api/classes`, { headers: { cookie: `matricula=${stolen}` } });
    expect(await problemOf(copy)).toMatchObject({ status: 401, code: 'SESSION_ENDED' });
  });

  it('works without a session and without the provider, but not from another site', async () => {
    console = await ConsoleEnvironment.create();
    const browser = await console.signedIn('admin');
    const foreign = { method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } };
    expect(await problemOf(await browser.send(`${console.url}/auth/sign-out`, foreign))).toMatchObject({
      status: 403,
      code: 'CROSS_SITE',
      removes: false,
    });
    await console.provider.close();
    for (const current of [browser, new HttpBrowser()]) {
      const answer = await current.send(`${console.url}/auth/sign-out`, { method: 'POST' });
      expect(answer.status).toBe(200);
      expect(current.cookies.has('matricula')).toBe(false);
    }
  });
});
