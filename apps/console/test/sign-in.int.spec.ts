import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { HttpBrowser } from '../../../test/support/console/http-browser.ts';
import { ConsoleEnvironment } from './console-environment.js';
import { begunAt, wayBack } from './way-back.js';

let console: ConsoleEnvironment;
beforeAll(async () => {
  console = await ConsoleEnvironment.create();
});
afterAll(() => console.close());
afterEach(() => {
  console.answer = undefined;
  console.relayed.length = 0;
});

const begun = (browser: HttpBrowser, query = '') => begunAt(console.url, browser, query);
const sessionOf = async (browser: HttpBrowser) => {
  const answer = await browser.send(`${console.url}/auth/session`);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};
describe('signing in', () => {
  it.each([
    ['admin', 'development-admin', 'Alex Admin'],
    ['publisher', 'development-publisher', 'Pat Publisher'],
    ['ops', 'development-ops', 'Olu Operator'],
  ])('by the button of %s gives a session, and leads back to where it began', async (role, subject, name) => {
    const browser = new HttpBrowser();
    const page = await browser.signIn(console.url, { role }, '/promo-codes?status=active');
    expect(page.url).toBe(`${console.url}/promo-codes?status=active`);
    expect(await sessionOf(browser)).toEqual({
      status: 200,
      body: { role, subject, name, person_id: null, expires_at: expect.stringMatching(/Z$/) },
    });
    expect(console.relayed).toEqual([]);
  });

  it('registers a new member under the name and the address that the provider has', async () => {
    const email = `zoe.${randomUUID().slice(0, 8)}@example.org`;
    const browser = new HttpBrowser();
    await browser.signIn(console.url, { name: 'Zoë Zimmer', email });
    const { body } = await sessionOf(browser);
    expect(body).toMatchObject({ role: 'member', name: 'Zoë Zimmer', person_id: body.subject });
    const [lookUp, registration] = console.relayed;
    expect(lookUp).toMatchObject({ method: 'GET', url: '/api/persons/me' });
    expect(JSON.parse(registration?.body ?? '')).toEqual({ name: 'Zoë Zimmer', email, username: email.split('@')[0] });

    console.relayed.length = 0;
    await new HttpBrowser().signIn(console.url, { name: 'Zoë Zimmer', email: email.toUpperCase() });
    expect(console.relayed.map(({ method }) => method)).toEqual(['GET']);
  });

  it('shows a member by the name of their person, also after a correction of it', async () => {
    const email = `ana.${randomUUID().slice(0, 8)}@example.org`;
    const browser = new HttpBrowser();
    await browser.signIn(console.url, { name: 'Ana Ancora', email });
    const { body } = await sessionOf(browser);
    console.persons.set(String(body.subject), 'Ana Corrected');
    expect((await sessionOf(browser)).body.name).toBe('Ana Ancora');
    const rename = (site: string) =>
      browser.send(`${console.url}/auth/session`, { method: 'POST', headers: { 'sec-fetch-site': site } });
    expect((await rename('cross-site')).status).toBe(403);
    const renamed = await rename('same-origin');
    expect([renamed.status, await renamed.json()]).toEqual([200, { ...body, name: 'Ana Corrected' }]);
    expect((await sessionOf(browser)).body.name).toBe('Ana Corrected');
    const later = new HttpBrowser();
    await later.signIn(console.url, { name: 'Ana Ancora', email });
    expect((await sessionOf(later)).body.name).toBe('Ana Corrected');
  });

  it('asks for a code with PKCE, a state and a nonce of its own each time', async () => {
    const browser = new HttpBrowser();
    const [first, second] = [await begun(browser), await begun(browser)];
    expect(Object.fromEntries(first.searchParams)).toMatchObject({
      client_id: 'console',
      redirect_uri: `${console.url}/auth/callback`,
      response_type: 'code',
      scope: 'openid profile email',
      code_challenge_method: 'S256',
    });
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(first.searchParams.get(name)).toMatch(/^[\w-]{43}$/);
      expect(first.searchParams.get(name)).not.toBe(second.searchParams.get(name));
    }
  });

  it('works from two tabs at once', async () => {
    const browser = new HttpBrowser();
    const [first, second] = [await begun(browser, '?return_to=/one'), await begun(browser, '?return_to=/two')];
    for (const [signIn, path] of [
      [first, '/one'],
      [second, '/two'],
    ] as const) {
      const back = await browser.send((await wayBack(new HttpBrowser(), signIn)).href);
      expect([back.status, back.headers.get('location')]).toEqual([303, path]);
    }
  });

  it.each(['//evil.test', 'https://evil.test/', '/\\evil.test', '/auth/sign-out', '/auth/sign-in?return_to=/', ''])(
    'never leads to %j',
    async (place) => {
      const page = await new HttpBrowser().signIn(console.url, { role: 'admin' }, place);
      expect(page.url).toBe(`${console.url}/`);
    },
  );
});
