import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliError } from '../terminal.ts';
import { exclusively } from './lock.ts';
import { root } from './root.ts';

const sources = ['apps/*/src/**/*.{ts,sql}', 'libs/*/src/**/*.{ts,sql}'];
const settings = ['.swcrc', 'package.json', 'package-lock.json'];
const stamp = join(root, 'dist', 'built-from');

/** Compiles apps and libs into `dist/`, unless it holds exactly these sources already. Answers whether it had to. */
export function build(): Promise<boolean> {
  return exclusively(join(root, '.matricula', 'build.lock'), async () => {
    const files = globSync([...sources, ...settings], { cwd: root }).sort();
    const digest = digestOf(files);
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return false;
    removeOrphans();
    const { status } = spawnSync(process.execPath, ['--run', 'build'], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    if (status !== 0) throw new CliError('The build failed; the compiler says above where.');
    writeFileSync(stamp, digest);
    return true;
  });
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
    const source = file.replace(/^dist\//, '').replace(/\.js$/, '.ts');
    if (existsSync(join(root, source))) continue;
    rmSync(join(root, file));
    rmSync(join(root, `${file}.map`), { force: true });
  }
}
