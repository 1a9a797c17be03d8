import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../test/support/eventually.js';
import { identify } from './processes/identity.ts';

const packages = JSON.stringify({ packages: { 'node_modules/one': { version: '1.0.0' } } });
const installs = `require('node:fs').writeFileSync('node_modules/.package-lock.json', ${JSON.stringify(packages)})`;

let clone: string;
let lock: string;

/** A clone that nothing is installed in, with one command, `hello`. */
beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'matricula-bootstrap-'));
  lock = join(clone, '.matricula', 'install.lock');
  const brought = join(clone, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin');
  for (const folder of [join(clone, 'tools'), join(clone, '.matricula'), brought]) {
    mkdirSync(folder, { recursive: true });
  }
  symlinkSync(process.execPath, join(brought, 'node'));
  cpSync(join(import.meta.dirname, 'bootstrap.mjs'), join(clone, 'tools', 'bootstrap.mjs'));
  writeFileSync(join(clone, 'tools', 'hello.ts'), "console.log('hello');");
  writeFileSync(join(clone, 'package-lock.json'), packages);
});

afterEach(() => rmSync(clone, { recursive: true }));

/** Runs `hello`, with a program in the place of npm's; `shell` stands before it in the process that it then becomes. */
function hello(npm: string, shell = ':') {
  const program = join(clone, 'npm.js');
  writeFileSync(program, npm);
  const child = spawn('sh', ['-c', `${shell}; exec "${process.execPath}" tools/bootstrap.mjs hello`], {
    cwd: clone,
    env: { ...process.env, npm_execpath: program, npm_lifecycle_event: undefined, NODE_OPTIONS: undefined },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { child, said: text(child.stdout), code: exitOf(child) };
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', resolve));
}

/** What the lock says when this process holds it. */
const heldHere = () => JSON.stringify(identify(process.pid));

describe('an install', () => {
  it('comes before the command, and leaves no lock', async () => {
    const { said, code } = hello(installs);
    expect(await said).toMatch(/hello\n$/);
    expect(await code).toBe(0);
    expect(existsSync(lock)).toBe(false);
  });

  it('takes all packages, also those that the environment would leave out', async () => {
    const { code } = hello(`${installs}; require('node:fs').writeFileSync('asked', process.argv.slice(2).join(' '))`);
    expect(await code).toBe(0);
    expect(readFileSync(join(clone, 'asked'), 'utf8')).toMatch(/^ci --include=dev --include=optional /);
  });

  it('that fails leaves no lock', async () => {
    expect(await hello('process.exit(1)').code).toBe(1);
    expect(existsSync(lock)).toBe(false);
  });

  it('that is interrupted leaves no lock', async () => {
    const { child, code } = hello("require('node:fs').writeFileSync('begun', ''); setInterval(() => {}, 1000)");
    await eventually(() => existsSync(join(clone, 'begun')));
    expect(existsSync(lock)).toBe(true);
    child.kill('SIGINT');
    expect(await code).toBe(1);
    expect(existsSync(lock)).toBe(false);
  });

  it('waits for another one, and says so once', async () => {
    writeFileSync(lock, heldHere());
    const { child, said, code } = hello(installs);
    const begun = new Promise((resolve) => child.stdout?.once('data', resolve));
    await begun;
    expect(existsSync(join(clone, 'node_modules', '.package-lock.json'))).toBe(false);
    rmSync(lock);
    expect(await code).toBe(0);
    expect((await said).match(/Another command installs the packages; waiting for it\./g)).toHaveLength(1);
  });

  it.each([
    ['a process that is no more', JSON.stringify({ pid: 2 ** 22 + 1, startedAt: '1' })],
    ['a process whose number now belongs to another', JSON.stringify({ pid: process.pid, startedAt: 'long ago' })],
    ['nobody that it names', ''],
  ])('takes over the lock of %s', async (_, held) => {
    writeFileSync(lock, held);
    const { said, code } = hello(installs);
    expect(await said).not.toContain('waiting');
    expect(await code).toBe(0);
  });

  it('takes over the lock of a process that had the number which is now its own', async () => {
    const { said, code } = hello(installs, 'echo $$ > .matricula/install.lock');
    expect(await said).not.toContain('waiting');
    expect(await code).toBe(0);
  });
});
