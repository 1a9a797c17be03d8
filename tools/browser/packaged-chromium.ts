import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { step } from '../terminal.ts';
import { startHome } from '../workspace/home.ts';
import { exclusively } from '../workspace/lock.ts';
import { root } from '../workspace/root.ts';
import type { BrowserProgram } from './browser-program.ts';

const packageFile = join(root, 'node_modules/@sparticuz/chromium/package.json');

/**
 * The Chromium of `@sparticuz/chromium`, unpacked once into `.matricula`, with the libraries and the fonts that it
 * brings. A machine needs no more than glibc for it.
 * @returns undefined where the package has no program for this machine
 */
export async function packagedChromium(): Promise<BrowserProgram | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64' || !existsSync(packageFile)) return undefined;
  const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };
  const folder = join(startHome().enterable('tools'), `chromium-${version}`);
  await exclusively(`${folder}.lock`, async () => {
    if (!existsSync(folder)) await step('Chromium unpacked into .matricula', () => unpack(folder));
  });
  return {
    path: join(folder, 'chromium'),
    env: {
      LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
      FONTCONFIG_FILE: join(folder, 'fonts.conf'),
    },
  };
}

/** The package unpacks into the folder for temporary files, and the libraries only where it takes itself for Lambda. */
const unpacking = `
  const { default: chromium } = await import('@sparticuz/chromium');
  await chromium.executablePath();
`;

async function unpack(folder: string): Promise<void> {
  const work = `${folder}.${process.pid}`;
  mkdirSync(work, { recursive: true });
  try {
    const env = { ...process.env, NODE_OPTIONS: '', TMPDIR: work, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' };
    execFileSync(process.execPath, ['--input-type=module', '--eval', unpacking], { cwd: root, env, stdio: 'pipe' });
    writeFileSync(join(work, 'fonts.conf'), fontsConfiguration(folder));
    renameSync(work, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Its own fonts first, so that pages look alike everywhere; the machine's for what those lack. */
function fontsConfiguration(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(folder, 'fonts')}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${join(folder, 'fonts-cache')}</cachedir>
  <alias>
    <family>monospace</family>
    <prefer><family>DejaVu Sans Mono</family><family>Liberation Mono</family></prefer>
  </alias>
</fontconfig>
`;
}
