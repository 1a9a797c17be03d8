import { globSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { Stack } from '../../test/support/stack/stack.ts';
import { browserFlags, findBrowser } from '../browser/browser.ts';
import type { BrowserProgram } from '../browser/browser-program.ts';
import { fillSample, type Sample, type SampleStage } from '../screens/sample.ts';
import { complain, step } from '../terminal.ts';
import { root } from '../workspace/root.ts';
import type { Outcome } from './checks.ts';

/** Files of tests that drive the console in a browser, all on one stack. */
export const browserSpecs = '\\.browser\\.spec\\.ts$';

/** Whether these words choose one of them; no words choose all. */
export function chooseBrowserSpecs(filters: readonly string[]): boolean {
  const chosen = new RegExp(filters.join('|'));
  return globSync('test/browser/**/*.browser.spec.ts', { cwd: root }).some((file) => chosen.test(file));
}

/**
 * Runs the browser tests with one Chromium and one stack for all of their files. Without a browser each of them is
 * reported as skipped, and where `CI` is set that is a failure.
 */
export async function onBrowserBench(jest: (env: NodeJS.ProcessEnv) => Promise<Outcome>): Promise<Outcome> {
  const found = await findBrowser();
  if ('missing' in found) {
    complain(`The browser tests are skipped: ${found.missing}.`);
    const { passed, failed } = await jest({ BROWSER_MISSING: found.missing });
    return { passed, failed: failed + (process.env.CI ? 1 : 0) };
  }
  try {
    return await onSharedStack(found.program, jest);
  } catch (error) {
    // The tests after these start stacks of their own.
    complain(`The browser tests could not be run: ${(error as Error).message}`);
    return { passed: 0, failed: 1 };
  }
}

async function onSharedStack(
  { path, env }: BrowserProgram,
  jest: (env: NodeJS.ProcessEnv) => Promise<Outcome>,
): Promise<Outcome> {
  const browser = await chromium.launchServer({
    executablePath: path,
    env: { ...process.env, ...env } as Record<string, string>,
    args: [...browserFlags],
    host: '127.0.0.1',
    // The run of the tests ends it in order.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  try {
    const stack = await step('the stack of the browser tests running', () => Stack.start({ console: true }));
    try {
      return await jest({
        BROWSER_ENDPOINT: browser.wsEndpoint(),
        BROWSER_STACK: String(stack.number),
        BROWSER_SAMPLE: JSON.stringify(await sampleOn(stack)),
      });
    } finally {
      await stack.stop();
    }
  } finally {
    await browser.close();
  }
}

/** The sample, as seen by those who sign in by the provider's buttons. */
export function sampleOn(stack: Stack): Promise<Sample> {
  const { gatewayUrl, webhooksUrl, secrets } = stack;
  const token: SampleStage['token'] = (role, subject) => stack.token(role, subject);
  return fillSample({ gatewayUrl, webhooksUrl, secrets, token });
}
