import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliError } from '../terminal.ts';
import { exclusively } from './lock.ts';
import { root } from './root.ts';

/** What is built from which files, by which script of package.json. */
interface Part {
  readonly script: string;
  readonly sources: readonly string[];
  readonly stamp: string;
}

const settings = ['package.json', 'package-lock.json'];
const services: Part = {
  script: 'build',
  sources: ['apps/*/src/**/*.{ts,sql}', 'libs/*/src/**/*.{ts,sql}', '.swcrc', ...settings],
  stamp: 'built-from',
};
const pagesFolder = 'dist/apps/console/web';
const pages: Part = {
  script: 'build:web',
  sources: ['apps/console/web/**/*.*', 'libs/contracts/src/**/*.ts', ...settings],
  stamp: 'pages-built-from',
};

/**
 * Compiles apps and libs and bundles the pages of the console into `dist/`, each unless it was made of exactly these
 * sources already. Answers whether one of them had to be.
 */
export function build(): Promise<boolean> {
  return exclusively(join(root, '.matricula', 'build.lock'), async () => {
    const compiled = await make(services, removeOrphans);
    return (await make(pages)) || compiled;
  });
}

async function make({ script, sources, stamp }: Part, prepare = () => {}): Promise<boolean> {
  const file = join(root, 'dist', stamp);
  const digest = digestOf(globSync(sources, { cwd: root }).sort());
  if (existsSync(file) && readFileSync(file, 'utf8') === digest) return false;
  prepare();
  const output: Buffer[] = [];
  const child = spawn(process.execPath, ['--run', script], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.on('data', (data) => output.push(data));
  child.stderr.on('data', (data) => output.push(data));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new CliError(`npm run ${script} failed:\n${Buffer.concat(output)}`);
  writeFileSync(file, digest);
  return true;
}

function digestOf(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

/** What was compiled from a source that is no longer there must not be found by anyone. */
function removeOrphans(): void {
  for (const file of globSync('dist/**/*.{js,sql}', { cwd: root })) {
    if (file.startsWith(`${pagesFolder}/`)) continue;
    const source = file.replace(/^dist\//, '').replace(/\.js$/, '.ts');
    if (existsSync(join(root, source))) continue;
    rmSync(join(root, file));
    rmSync(join(root, `${file}.map`), { force: true });
  }
}
