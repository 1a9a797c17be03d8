import { createServer } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { HttpBrowser } from '../../../test/support/console/http-browser.ts';
import { ConsoleEnvironment, listen } from './console-environment.js';
import { begunAt, wayBack } from './way-back.js';

let console: ConsoleEnvironment;
beforeAll(async () => {
  console = await ConsoleEnvironment.create();
});
afterAll(() => console.close());
afterEach(() => {
  console.persons.clear();
  console.relayed.length = 0;
});

const begun = (browser: HttpBrowser) => begunAt(console.url, browser);
/** Sends the browser to the callback; the status, the code that the page shows, and whether it now has a session. */
const arrive = async (browser: HttpBrowser, back: URL | string) => {
  const answer = await browser.send(String(back));
  const [, code] = /<small>([A-Z_]+)/.exec(await answer.text()) ?? [];
  return { status: answer.status, code, hasSession: browser.cookies.has('matricula') };
};
const broken = { status: 400, code: 'SIGN_IN_BROKEN', hasSession: false };

describe('the way back from the provider', () => {
  it('counts only in the browser that was sent there', async () => {
    const victim = new HttpBrowser();
    const back = await wayBack(new HttpBrowser(), await begun(new HttpBrowser()));
    expect(await arrive(victim, back)).toEqual(broken);
    await begun(victim);
    expect(await arrive(victim, back)).toEqual(broken);
  });

  it('counts once', async () => {
    const browser = new HttpBrowser();
    const back = await wayBack(browser, await begun(browser));
    expect(await arrive(browser, back)).toMatchObject({ status: 303, hasSession: true });
    browser.cookies.delete('matricula');
    expect(await arrive(browser, back)).toEqual(broken);
  });

  it.each([
    ['another state', 'state', 'another'],
    ['no state', 'state', undefined],
    ['another code', 'code', 'another'],
    ['no code', 'code', undefined],
    ['another issuer', 'iss', 'https://evil.test'],
  ])('does not count with %s', async (_, name, value) => {
    const browser = new HttpBrowser();
    const back = await wayBack(browser, await begun(browser));
    if (value === undefined) back.searchParams.delete(name);
    else back.searchParams.set(name, value);
    expect(await arrive(browser, back)).toEqual(broken);
  });

  it('does not count with a code that was asked for under another challenge', async () => {
    const [browser, attacker] = [new HttpBrowser(), new HttpBrowser()];
    const mine = await begun(browser);
    const theirs = await wayBack(attacker, await begun(attacker), 'ops');
    theirs.searchParams.set('state', mine.searchParams.get('state') as string);
    expect(await arrive(browser, theirs)).toEqual(broken);
  });

  it('does not count with a code that was asked for under another nonce', async () => {
    const browser = new HttpBrowser();
    const signIn = await begun(browser);
    signIn.searchParams.set('nonce', 'another');
    expect(await arrive(browser, await wayBack(browser, signIn))).toEqual(broken);
  });

  it('does not count with an altered or a borrowed cookie', async () => {
    const browser = new HttpBrowser();
    const back = await wayBack(new HttpBrowser(), await begun(browser));
    const cookie = browser.cookies.get('matricula-sign-in') as string;
    browser.cookies.set('matricula-sign-in', `${cookie.slice(0, -4)}AAAA`);
    expect(await arrive(browser, back)).toEqual(broken);
    const session = (await console.signedIn('admin')).cookies.get('matricula') as string;
    browser.cookies.set('matricula-sign-in', session);
    expect(await arrive(browser, back)).toEqual(broken);
    browser.cookies.set('matricula-sign-in', cookie);
    expect(await arrive(browser, back)).toMatchObject({ status: 303, hasSession: true });
  });

  it('says so when the person refused, in their language, and what leads on', async () => {
    const browser = new HttpBrowser();
    const state = (await begun(browser)).searchParams.get('state');
    const iss = encodeURIComponent(console.settings.provider.issuer.origin);
    const denied = `${console.url}/auth/callback?error=access_denied&error_description=<b>&state=${state}&iss=${iss}`;
    const answer = await browser.send(denied, { headers: { 'accept-language': 'de-CH,en;q=0.5' } });
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([403, 'no-store']);
    expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; /);
    const page = await answer.text();
    expect(page).toContain('<html lang="de">');
    expect(page).toContain('Die Anmeldung wurde beim Anbieter nicht abgeschlossen.');
    expect(page).toContain('href="/auth/sign-in?return_to=%2F"');
  });
});

describe('a sign-in', () => {
  it('that gives no token for the API has no session, and says why', async () => {
    const other = await ConsoleEnvironment.create({ settings: { AUTH_AUDIENCE: 'another' } });
    try {
      const browser = new HttpBrowser();
      const page = await browser.signIn(other.url, { role: 'admin' });
      expect([page.status, browser.cookies.has('matricula')]).toEqual([403, false]);
      expect(page.text).toContain(
        'Your account has no access here. The token&#39;s claim &#34;aud&#34; is not accepted.',
      );
    } finally {
      await other.close();
    }
  });

  it('waits while the gateway is away: a member without a person could do nothing', async () => {
    const browser = new HttpBrowser();
    console.failing = 503;
    const page = await browser.signIn(console.url, { role: 'member' });
    expect([page.status, page.headers.get('retry-after')]).toEqual([503, '2']);
    expect(browser.cookies.has('matricula')).toBe(false);
    console.failing = undefined;
    const [, again = ''] = /href="(\/auth[^"]+)"/.exec(page.text) ?? [];
    expect(await browser.open(console.url + again)).toMatchObject({ url: `${console.url}/`, status: 404 });
    expect(browser.cookies.has('matricula')).toBe(true);
  });

  it('takes another username when one is taken, and gives up where another one cannot help', async () => {
    console.refusals.push('USERNAME_TAKEN');
    const browser = new HttpBrowser();
    await browser.signIn(console.url, { name: 'Kim', email: 'kim@example.org' });
    const names = console.relayed
      .filter(({ method }) => method === 'POST')
      .map(({ body }) => JSON.parse(body).username as string);
    expect(names).toEqual(['kim', expect.stringMatching(/^kim-[0-9a-f]{6}$/)]);
    expect(browser.cookies.has('matricula')).toBe(true);

    console.refusals.push('EMAIL_TAKEN');
    const other = new HttpBrowser();
    const page = await other.signIn(console.url, { name: 'Kim', email: 'kim.two@example.org' });
    expect([page.status, other.cookies.has('matricula')]).toEqual([422, false]);
    expect(page.text).toContain('refused: EMAIL_TAKEN');
  });

  it('finds the person that another tab has registered in the meantime', async () => {
    console.refusals.push('PERSON_EXISTS');
    const browser = new HttpBrowser();
    await browser.signIn(console.url, { name: 'Tab', email: 'tab@example.org' });
    expect(browser.cookies.has('matricula')).toBe(true);
  });

  it('says that the provider is away, and works once it is back', async () => {
    const down = createServer();
    const port = await listen(down);
    await new Promise((resolve) => down.close(resolve));
    const other = await ConsoleEnvironment.create({ settings: { OIDC_ISSUER: `http://127.0.0.1:${port}` } });
    try {
      const answer = await new HttpBrowser().send(`${other.url}/auth/sign-in`);
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
      expect(await answer.text()).toContain('Sign in again');
    } finally {
      await other.close();
    }
  });
});
