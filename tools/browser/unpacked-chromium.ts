import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDebian, librariesBelow, unpackPackages } from '../servers/debian.ts';
import { step } from '../terminal.ts';
import { startHome } from '../workspace/home.ts';
import { exclusively } from '../workspace/lock.ts';
import type { BrowserProgram } from './browser-program.ts';

/**
 * Debian's Chromium, fetched and unpacked once into `.matricula`: for processors that the package has no program for.
 * @returns undefined where this is no Debian
 */
export async function unpackedChromium(): Promise<BrowserProgram | undefined> {
  if (!isDebian()) return undefined;
  const folder = join(startHome().enterable('tools'), 'debian-chromium');
  await exclusively(`${folder}.lock`, async () => {
    if (existsSync(folder)) return;
    await step('Chromium fetched from Debian into .matricula', () => unpackPackages(['chromium'], folder));
  });
  // The script in /usr/bin reads settings of the machine; the program beside its data needs none.
  const places = librariesBelow(folder).split(':');
  const libraries = [...places, ...places.map((place) => join(place, 'pulseaudio'))].join(':');
  return { path: join(folder, 'usr/lib/chromium/chromium'), env: { LD_LIBRARY_PATH: libraries } };
}
