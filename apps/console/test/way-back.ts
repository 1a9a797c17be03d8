import type { HttpBrowser } from '../../../test/support/console/http-browser.ts';

/** The address of the provider to which a sign-in of this browser leads. */
export async function begunAt(consoleUrl: string, browser: HttpBrowser, query = ''): Promise<URL> {
  const answer = await browser.send(`${consoleUrl}/auth/sign-in${query}`);
  return new URL(answer.headers.get('location') as string);
}

/** Chooses a person at the provider, and stops before the way back: its address, with the code. */
export async function wayBack(browser: HttpBrowser, signIn: URL, role = 'admin'): Promise<URL> {
  const choice = await browser.open(signIn.href);
  let answer = await browser.send(choice.url, { method: 'POST', body: new URLSearchParams({ role }) });
  for (;;) {
    const next = new URL(answer.headers.get('location') as string, choice.url);
    if (next.pathname === '/auth/callback') return next;
    answer = await browser.send(next.href);
  }
}
