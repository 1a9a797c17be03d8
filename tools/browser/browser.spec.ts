import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findBrowser } from './browser.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'matricula-browser-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function program(name: string, script: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

describe('the browser of the tests', () => {
  it('is the one that the environment names', async () => {
    const path = program('chromium', 'echo "Chromium 1.2.3"');
    expect(await findBrowser({ CHROMIUM_PATH: path })).toEqual({ program: { path, env: {} } });
  });

  it('that lacks a library is missing, with what the program said', async () => {
    const path = program('broken', 'echo "libnss3.so: cannot open shared object file" >&2; exit 127');
    const missing = `the CHROMIUM_PATH ${path} does not start: libnss3.so: cannot open shared object file`;
    expect(await findBrowser({ CHROMIUM_PATH: path })).toEqual({ missing });
  });
});
