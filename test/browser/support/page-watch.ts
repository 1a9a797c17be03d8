import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConsoleMessage, Page, Request } from 'playwright-core';

/** What a stop accepts beyond a page without any fault. */
export interface Expectations {
  /** Statuses above 399 that the API was meant to answer since the last stop. */
  readonly statuses?: readonly number[];
  /** Whether the page must fit its width without a horizontal scroll bar. */
  readonly fits?: boolean;
  /** Whether an answer was cut off since the last stop, of which the browser writes to its console. */
  readonly isCutOff?: boolean;
}

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly target: readonly unknown[]; readonly failureSummary?: string }[];
}

const axe = readFileSync(join(import.meta.dirname, '../../../node_modules/axe-core/axe.min.js'), 'utf8');
const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** What a page did that nobody wants: collected from its first moment on. */
export class PageWatch {
  #faults: string[] = [];
  #statuses: { readonly status: number; readonly request: string }[] = [];
  #requests: string[] = [];
  readonly #underWay = new Set<Request>();
  callsAtOnce = 0;

  static async over(page: Page): Promise<PageWatch> {
    const watch = new PageWatch();
    await page.exposeBinding('reportViolation', (_, violation: string) => watch.#faults.push(violation));
    await page.addInitScript(reportViolations);
    await page.addInitScript(measureLayoutShift);
    page.on('console', (message) => watch.#read(message));
    page.on('pageerror', (error) => watch.#faults.push(`uncaught ${error.message}`));
    page.on('request', (request) => watch.#began(request));
    page.on('requestfinished', (request) => watch.#underWay.delete(request));
    page.on('requestfailed', (request) => watch.#underWay.delete(request));
    page.on('response', (response) => {
      if (response.status() < 400) return;
      const request = `${response.request().method()} ${new URL(response.url()).pathname}`;
      watch.#statuses.push({ status: response.status(), request });
    });
    return watch;
  }

  takeFaults(statuses: readonly number[]): string[] {
    const refusals = this.#statuses.filter(({ status }) => !statuses.includes(status));
    const faults = [...this.#faults, ...refusals.map(({ status, request }) => `${request} was answered ${status}`)];
    this.#faults = [];
    this.#statuses = [];
    return faults;
  }

  takeRequests(): string[] {
    const requests = this.#requests;
    this.#requests = [];
    return requests;
  }

  #began(request: Request): void {
    const { pathname } = new URL(request.url());
    if (!pathname.startsWith('/api/')) return;
    this.#requests.push(`${request.method()} ${pathname}`);
    if (pathname.endsWith('/events')) return;
    this.#underWay.add(request);
    this.callsAtOnce = Math.max(this.callsAtOnce, this.#underWay.size);
  }

  #read(message: ConsoleMessage): void {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    // The browser says this of every answer above 399; those are counted as answers.
    if (message.text().startsWith('Failed to load resource: the server responded with a status of')) return;
    this.#faults.push(`console ${message.type()}: ${message.text()}`);
  }
}

/** Everything that is wrong with the page as it stands, one line each. */
export async function faultsOf(page: Page, watch: PageWatch, expectations: Expectations): Promise<string[]> {
  const { statuses = [], fits = false, isCutOff = false } = expectations;
  const cut = 'console error: Failed to load resource: net::ERR_CONNECTION_RESET';
  const faults = watch.takeFaults(statuses).filter((fault) => !(isCutOff && fault.startsWith(cut)));
  if (fits) faults.push(...(await overflowOf(page)));
  faults.push(...(await motionOf(page)));
  return [...faults, ...(await axeViolations(page))];
}

async function axeViolations(page: Page): Promise<string[]> {
  // It is half a megabyte: sent once to each page.
  if (!(await page.evaluate(`typeof axe === 'object'`))) await page.evaluate(`(() => { ${axe} })()`);
  const violations = await page.evaluate<Violation[]>(`axe.run(document, {
    runOnly: { type: 'tag', values: ${JSON.stringify(standards)} },
    // This rule is off unless it is named.
    rules: {
      'target-size': { enabled: true },
      // In forced colours the browser paints text in one of the reader's own; axe reads another, which is not painted.
      'color-contrast': { enabled: !matchMedia('(forced-colors: active)').matches },
    },
    // What else axe would find out is for nobody: what passes, and what needs style sheets of other origins.
    resultTypes: ['violations'],
    preload: false,
  }).then(({ violations }) => violations)`);
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary = '' }) => {
      return `axe ${id}: ${help} at ${target.join(' ')} (${failureSummary.replace(/\s+/g, ' ')})`;
    }),
  );
}

/** What moves although its reader wants no motion, as every browser of these tests is set. */
function motionOf(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`document.getAnimations()
    .filter((animation) => animation.playState === 'running' && matchMedia('(prefers-reduced-motion: reduce)').matches)
    .filter(({ effect }) => effect.getComputedTiming().activeDuration > 1)
    .map(({ effect }) => 'moves: ' + effect.target.outerHTML.slice(0, 120))`);
}

/** After a change of its width a long page takes several frames to be laid out. */
export async function overflowOf(page: Page): Promise<string[]> {
  for (let looks = 1; ; looks++) {
    const overflow = await overflowNow(page);
    if (overflow.length === 0 || looks === 20) return overflow;
    await page.waitForTimeout(100);
  }
}

function overflowNow(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const wide = [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().left + element.scrollWidth > clientWidth + 1);
    const innermost = wide.at(-1)?.outerHTML.slice(0, 120);
    return ['the page is ' + scrollWidth + ' wide in ' + clientWidth + ', for example by ' + innermost];
  })()`);
}

/** Runs in the page, before anything of its own. */
const reportViolations = `document.addEventListener('securitypolicyviolation', (event) => {
  reportViolation('policy violated: ' + event.effectiveDirective + ' by ' + event.blockedURI + ' ' + event.sample);
});`;

const measureLayoutShift = `globalThis.layoutShifts = [];
new PerformanceObserver((list) => {
  const place = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(' ');
  const moved = ({ node, previousRect, currentRect }) => {
    const element = node instanceof Element ? node : node?.parentElement;
    return (element?.cloneNode(false).outerHTML ?? 'something') + ' ' + place(previousRect) + ' -> ' + place(currentRect);
  };
  for (const entry of list.getEntries()) {
    if (!entry.hadRecentInput) layoutShifts.push(entry.value.toFixed(4) + ' by ' + entry.sources.map(moved).join(', '));
  }
}).observe({ type: 'layout-shift', buffered: true });`;
