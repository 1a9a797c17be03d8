import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserProgram } from './browser-program.ts';
import { packagedChromium } from './packaged-chromium.ts';
import { unpackedChromium } from './unpacked-chromium.ts';

/** The browser, or in one sentence why there is none. */
export type FoundBrowser = { readonly program: BrowserProgram } | { readonly missing: string };

/**
 * What every start gets. The pages are the project's own and root cannot use the sandbox; nothing of the browser calls
 * home.
 */
export const browserFlags: readonly string[] = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
  '--font-render-hinting=none',
];

/**
 * Finds a Chromium, in this order: the one that `CHROMIUM_PATH` names, the one among the packages (Linux on x64; the
 * same on every machine), an installed one, Debian's, which is fetched into `.matricula` without root.
 */
export async function findBrowser(env: NodeJS.ProcessEnv = process.env): Promise<FoundBrowser> {
  const named = env.CHROMIUM_PATH;
  if (named) return works({ path: named, env: {} }, `the CHROMIUM_PATH ${named}`);
  const obstacles: string[] = [];
  for (const obtain of [packagedChromium, installedChromium, unpackedChromium]) {
    try {
      const program = await obtain();
      const found = program && works(program, program.path);
      if (found && 'program' in found) return found;
      if (found) obstacles.push(found.missing);
    } catch (error) {
      obstacles.push((error as Error).message);
    }
  }
  const why = obstacles.length > 0 ? ` (${obstacles.join('; ')})` : '';
  return { missing: `no Chromium for ${process.platform} on ${process.arch}${why}: install one, or set CHROMIUM_PATH` };
}

/** A program that starts: a library that it lacks shows here, and not in the first test. */
function works(program: BrowserProgram, what: string): FoundBrowser {
  try {
    const env = { ...process.env, ...program.env };
    execFileSync(program.path, ['--version'], { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 });
    return { program };
  } catch (error) {
    const reason = (error as { stderr?: Buffer }).stderr?.toString().trim() || (error as Error).message;
    return { missing: `${what} does not start: ${reason.split('\n')[0]}` };
  }
}

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const applications = ['Google Chrome.app/Contents/MacOS/Google Chrome', 'Chromium.app/Contents/MacOS/Chromium'];

function installedChromium(): BrowserProgram | undefined {
  const folders = (process.env.PATH ?? '').split(':').filter((folder) => folder !== '');
  const places = [
    ...folders.flatMap((folder) => names.map((name) => join(folder, name))),
    ...applications.map((application) => join('/Applications', application)),
  ];
  const path = places.find((place) => existsSync(place));
  return path ? { path, env: {} } : undefined;
}
