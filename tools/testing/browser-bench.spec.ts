import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { onBrowserBench } from './browser-bench.ts';

const { CHROMIUM_PATH, CI } = process.env;

beforeEach(() => {
  process.env.CHROMIUM_PATH = '/nowhere/chromium';
});
afterEach(() => {
  for (const [name, value] of Object.entries({ CHROMIUM_PATH, CI })) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

describe('without a browser', () => {
  const skipping = (given: NodeJS.ProcessEnv[]) => async (env: NodeJS.ProcessEnv) => {
    given.push(env);
    return { passed: 0, failed: 0 };
  };

  it('the browser tests run all the same, and skip themselves with the reason', async () => {
    delete process.env.CI;
    const given: NodeJS.ProcessEnv[] = [];
    expect(await onBrowserBench(skipping(given))).toEqual({ passed: 0, failed: 0 });
    expect(given).toEqual([{ BROWSER_MISSING: expect.stringContaining('/nowhere/chromium does not start') }]);
  });

  it('a run in CI fails', async () => {
    process.env.CI = 'true';
    expect(await onBrowserBench(skipping([]))).toEqual({ passed: 0, failed: 1 });
  });
});
