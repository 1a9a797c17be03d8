import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { type Browser, chromium } from 'playwright-core';
import { browserFlags, findBrowser } from '../../../tools/browser/browser.ts';
import type { Sample } from '../../../tools/screens/sample.ts';
import type { Role } from '../../../tools/screens/screen.ts';
import { Scenario } from '../../support/stack/scenario.js';
import { Stack } from '../../support/stack/stack.js';
import { type Appearance, Person } from './person.ts';
import { keepTraces } from './traces.js';

/** What one test has at hand. */
export interface Scene {
  readonly stack: Stack;
  readonly scenario: Scenario;
  /** What the run of the tests has filled the shared stack with. */
  readonly sample: Sample;
  /** Somebody with a browser window of their own, nowhere yet. It is closed at the end of the test. */
  person(name: string, appearance?: Appearance): Promise<Person>;
  /**
   * Somebody of this role who is signed in, in a new tab of the window that the tests of this group share: their
   * browser has loaded the pages before.
   */
  resident(role: Role): Promise<Person>;
}

type Test = (title: string, body: (scene: Scene) => Promise<void>, timeoutMs?: number) => void;

/**
 * A group of tests in a browser, on the stack that all files of `*.browser.spec.ts` share, or on one of their own.
 * Each window of a failed test leaves a screenshot and a trace, and the failure names both.
 * Where no browser can be had the group is skipped, and its name says why.
 */
export function browserTests(title: string, define: (test: Test) => void, start: () => Promise<Stack> = sharedStack) {
  const missing = process.env.BROWSER_MISSING;
  if (missing) {
    describe.skip(`${title} (${missing})`, () => define((name) => it(name, () => {})));
    return;
  }
  describe(title, () => {
    let browser: Browser;
    let stack: Stack;
    let scenario: Scenario;
    const residents = new Map<Role, Promise<Person>>();
    const signedIn = async (role: Role) => {
      const one = await Person.arrive(browser, stack.consoleUrl, role, { traced: true });
      await one.signIn(role);
      return one;
    };

    beforeAll(async () => {
      [browser, stack] = await Promise.all([openBrowser(), start()]);
      scenario = await Scenario.on(stack);
    });
    afterAll(async () => {
      for (const one of residents.values()) await (await one).leave();
      await browser?.close();
      if (start !== sharedStack) await stack?.stop();
    });

    define((name, body, timeoutMs) => {
      const play = async () => {
        const persons: Person[] = [];
        const person = async (who: string, appearance?: Appearance) => {
          const arrived = await Person.arrive(browser, stack.consoleUrl, who, { traced: true, ...appearance });
          persons.push(arrived);
          return arrived;
        };
        const tabs: Person[] = [];
        const resident = async (role: Role) => {
          const window = residents.get(role) ?? signedIn(role);
          residents.set(role, window);
          const tab = await (await window).inAnotherTab();
          tabs.push(tab);
          return tab;
        };
        try {
          await body({ stack, scenario, person, resident, sample: JSON.parse(process.env.BROWSER_SAMPLE ?? '{}') });
        } catch (error) {
          throw await keepTraces(error as Error, `${title} ${name}`, [...persons, ...tabs]);
        } finally {
          await Promise.all([...persons.map((one) => one.leave()), ...tabs.map((one) => one.closeTab())]);
        }
      };
      it(name, play, timeoutMs);
    });
  });
}

/** The stack that the run of the tests has started. */
async function sharedStack(): Promise<Stack> {
  const number = Number(process.env.BROWSER_STACK);
  if (!number) throw new Error('Browser tests run by: npm test -- test/browser');
  return Stack.running(number, { console: true });
}

/** The browser of the run; a journey that has a stack of its own starts one. */
async function openBrowser(): Promise<Browser> {
  const endpoint = process.env.BROWSER_ENDPOINT;
  if (endpoint) return chromium.connect(endpoint);
  const found = await findBrowser();
  if ('missing' in found) throw new Error(found.missing);
  const { path, env } = found.program;
  return chromium.launch({
    executablePath: path,
    env: { ...process.env, ...env } as Record<string, string>,
    args: [...browserFlags],
  });
}
