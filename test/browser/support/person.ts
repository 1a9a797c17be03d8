import type { Browser, BrowserContext, Cookie, Locator, Page } from 'playwright-core';
import { type Expectations, faultsOf, overflowOf, PageWatch } from './page-watch.ts';

/** How somebody's browser is set. */
export interface Appearance {
  readonly locale?: string;
  readonly timeZone?: string;
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
  readonly forcedColors?: boolean;
  /** A wall clock that the test moves; without it the machine's. */
  readonly now?: string;
  /** The cookies of somebody who has signed in. */
  readonly cookies?: readonly Cookie[];
  /** Whether a trace is kept, for the case that the test fails. */
  readonly traced?: boolean;
}

/** A member by name and e-mail address, or the account of another role at the local provider. */
export type Account = { readonly name: string; readonly email: string } | 'member' | 'publisher' | 'admin' | 'ops';

/** How long a page may take to show something on a machine that does much else. */
const patienceMs = 15_000;

/** Somebody at a browser window. */
export class Person {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly name: string;
  readonly #consoleUrl: string;
  readonly #watch: PageWatch;

  private constructor(page: Page, name: string, consoleUrl: string, watch: PageWatch) {
    this.page = page;
    this.context = page.context();
    this.name = name;
    this.#consoleUrl = consoleUrl;
    this.#watch = watch;
  }

  static async arrive(
    browser: Browser,
    consoleUrl: string,
    name: string,
    appearance: Appearance = {},
  ): Promise<Person> {
    const { locale = 'en-GB', timeZone = 'Europe/Berlin', width = 1280, height = 900, now, traced } = appearance;
    const context = await browser.newContext({
      locale,
      timezoneId: timeZone,
      viewport: { width, height },
      colorScheme: appearance.dark ? 'dark' : 'light',
      forcedColors: appearance.forcedColors ? 'active' : 'none',
      reducedMotion: 'reduce',
    });
    context.setDefaultTimeout(patienceMs);
    await context.addCookies(appearance.cookies ?? []);
    if (now) await context.clock.install({ time: now });
    if (traced) await context.tracing.start({ snapshots: true });
    return Person.#inTab(context, name, consoleUrl);
  }

  static async #inTab(context: BrowserContext, name: string, consoleUrl: string): Promise<Person> {
    const page = await context.newPage();
    return new Person(page, name, consoleUrl, await PageWatch.over(page));
  }

  /** The same person in another tab: signed in as here, and with a trace of its own. */
  async inAnotherTab(): Promise<Person> {
    await this.context.tracing.startChunk();
    return Person.#inTab(this.context, this.name, this.#consoleUrl);
  }

  /** Signs in by a button of the provider, and arrives at a path of the console. */
  async signIn(account: Account, path = '/'): Promise<void> {
    await this.page.goto(this.#at(`/auth/sign-in?${new URLSearchParams({ return_to: path })}`));
    if (typeof account === 'string') {
      await this.page.locator(`button[name=role][value=${account}]`).click();
    } else {
      await this.page.getByLabel('Name').fill(account.name);
      await this.page.getByLabel('E-mail').fill(account.email);
      await this.page.getByRole('button', { name: 'Sign in as this member' }).click();
    }
    await this.page.waitForURL(
      (url) => url.origin === new URL(this.#consoleUrl).origin && url.pathname !== '/auth/callback',
    );
    await this.settled();
  }

  /** The cookies of this browser: with them another window is signed in as the same person. */
  cookies(): Promise<Cookie[]> {
    return this.context.cookies();
  }

  /** What the console's server says of the session. */
  async session(): Promise<{ readonly subject: string; readonly role: string; readonly person_id: string | null }> {
    return (await this.context.request.get(this.#at('/auth/session'))).json();
  }

  /** Chose a language before; the next page is in it. */
  async speaks(language: string): Promise<void> {
    // The lightest page of the console's origin.
    await this.page.goto(this.#at('/favicon.svg'));
    await this.page.evaluate(`localStorage.setItem('matricula.language', '${language}')`);
  }

  /** Goes to a path of the console and waits until nothing on the page is still loading. */
  async open(path: string): Promise<void> {
    await this.goto(path);
    await this.settled();
  }

  /** Goes to a path of the console, without waiting for what it shows. */
  async goto(path: string): Promise<void> {
    await this.page.goto(this.#at(path));
  }

  /** Until the screen's heading is there and none of its parts is loading. */
  async settled(): Promise<void> {
    await this.page.locator('main h1, main .state').first().waitFor();
    await this.page.locator('main .skeleton, main [aria-busy="true"]').first().waitFor({ state: 'detached' });
  }

  /** Waits until the text stands on the page. */
  async sees(text: string | RegExp): Promise<Locator> {
    const found = this.page.getByText(text).filter({ visible: true }).first();
    await found.waitFor();
    return found;
  }

  /**
   * What holds at every stop of a journey: nothing was written to the browser's console, no policy was violated,
   * nothing moves for those who want no motion, and axe finds nothing.
   */
  async stop(expectations: Expectations = {}): Promise<void> {
    const faults = await faultsOf(this.page, this.#watch, expectations);
    if (faults.length > 0) throw new Error(`${this.name} at ${this.page.url()}:\n${faults.join('\n')}`);
  }

  /** The page needs no horizontal scroll bar. */
  async fits(): Promise<void> {
    const faults = await overflowOf(this.page);
    if (faults.length > 0) throw new Error(`${this.name} at ${this.page.url()}: ${faults.join(', ')}`);
  }

  /** The requests to the API since the last call, as `GET /api/classes`. */
  requests(): string[] {
    return this.#watch.takeRequests();
  }

  /** The most requests to the API that were under way at one time, streams apart. */
  get callsAtOnce(): number {
    return this.#watch.callsAtOnce;
  }

  /** What has moved since the page was opened though nobody had done anything: by how much (CLS), and from where. */
  layoutShifts(): Promise<string[]> {
    return this.page.evaluate<string[]>('globalThis.layoutShifts ?? []');
  }

  /** Keeps what the window did since it was opened, and ends its trace. */
  async keepTrace(path: string): Promise<void> {
    await this.context.tracing.stopChunk({ path });
  }

  /** Closes the tab, and forgets its trace unless it was kept; another one of the same person goes on. */
  async closeTab(): Promise<void> {
    await this.context.tracing.stopChunk().catch(() => {});
    await this.page.close();
  }

  async leave(): Promise<void> {
    // Otherwise its files would stay in the folder for temporary ones.
    await this.context.tracing.stop().catch(() => {});
    await this.context.close();
  }

  #at(path: string): string {
    return new URL(path, this.#consoleUrl).href;
  }
}
