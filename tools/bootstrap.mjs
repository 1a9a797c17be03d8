// `npm start`, `npm test` and their like enter here, on the Node that the machine has and before anything is installed:
// plain JavaScript without dependencies. It installs what package-lock.json names, then hands over to
// tools/<command>.ts (or tools/<command>/<command>.ts) on the Node that came with the packages.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const oldestNode = 20;
const ownNode = 26;
const root = fileURLToPath(new URL('..', import.meta.url));

// As root the servers run as another user, and a strict umask would keep that user out; what is secret says so itself.
process.umask(0o022);

const major = Number(process.versions.node.split('.')[0]);
if (major < oldestNode)
  fail(`Node ${process.versions.node} is too old: Matricula needs Node ${oldestNode} or newer to start.`);

const [command = 'start', ...args] = process.argv.slice(2);
const tool = [`tools/${command}.ts`, `tools/${command}/${command}.ts`].find((path) => existsSync(join(root, path)));
if (!tool) fail(`There is no command "${command}".`);

if (!isInstalled()) await withInstallLock(() => (isInstalled() ? undefined : install()));
await handOver(findNode(), [join(root, tool), ...args]);

/** Whether node_modules holds what package-lock.json names; npm notes there what it has put in. */
function isInstalled() {
  const wanted = readLock('package-lock.json');
  const present = readLock('node_modules/.package-lock.json');
  if (!present) return false;
  return Object.entries(wanted ?? {}).every(([path, { version, optional }]) => {
    if (path === '') return true;
    return path in present ? present[path].version === version : optional === true;
  });
}

function readLock(path) {
  try {
    return JSON.parse(readFileSync(join(root, path), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

async function install() {
  const wanted = Object.values(readLock('package-lock.json')).filter((entry) => !entry.optional).length;
  console.log(`Installing some ${wanted} packages, as package-lock.json names them; this happens once.`);
  const npm = process.env.npm_execpath;
  const [file, before] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  // Also what NODE_ENV or the user's npm leaves out: the compiler is a development package, Node itself an optional
  // one.
  const everything = ['--include=dev', '--include=optional'];
  const child = spawn(file, [...before, 'ci', ...everything, '--ignore-scripts', '--no-progress', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
  });
  const began = Date.now();
  const progress = setInterval(() => {
    console.log(`  ${countPackages()} packages unpacked after ${Math.round((Date.now() - began) / 1000)} s`);
  }, 5_000);
  const code = await ended(child);
  clearInterval(progress);
  if (code !== 0) fail('npm could not install the packages; its message above says why.');
}

function countPackages() {
  const folders = (path) => (existsSync(path) ? readdirSync(path).map((name) => join(path, name)) : []);
  return folders(join(root, 'node_modules'))
    .flatMap((path) => (path.includes('/@') ? folders(path) : [path]))
    .filter((path) => existsSync(join(path, 'package.json'))).length;
}

/** Two commands started together in a fresh clone would install over each other: the second one waits. */
async function withInstallLock(work) {
  const lock = join(root, '.matricula', 'install.lock');
  mkdirSync(dirname(lock), { recursive: true });
  for (let waits = false; !takeLock(lock); waits = true) {
    if (!waits) console.log('Another command installs the packages; waiting for it.');
    await sleep(500);
  }
  const release = () => rmSync(lock, { force: true });
  // When npm fails or is interrupted, this process ends at once, and a `finally` would not be reached.
  process.once('exit', release);
  await work();
  process.off('exit', release);
  release();
}

/** As tools/workspace/lock.ts does it: written first and then linked into place, so that nobody reads half of it. */
function takeLock(lock) {
  const claim = `${lock}.${process.pid}`;
  writeFileSync(claim, JSON.stringify({ pid: process.pid, startedAt: startOf(process.pid) }));
  try {
    if (link(claim, lock)) return true;
    if (isHeld(lock)) return false;
    rmSync(lock, { force: true });
    return link(claim, lock);
  } finally {
    rmSync(claim, { force: true });
  }
}

function link(from, to) {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Whether another process that is alive holds it, however long it takes. A pid alone may by now belong to somebody
 * else, in the next container to this very process.
 */
function isHeld(lock) {
  try {
    const { pid, startedAt } = JSON.parse(readFileSync(lock, 'utf8'));
    return pid !== process.pid && startedAt !== undefined && startOf(pid) === startedAt;
  } catch {
    return false;
  }
}

/** When a process started, as tools/processes/identity.ts has it; undefined when there is none. */
function startOf(pid) {
  if (process.platform === 'linux') return statFields(pid)?.[19];
  const listed = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  return listed.stdout?.trim() || undefined;
}

/** Node comes as an npm package where there is one for the platform; elsewhere the user's own has to be new enough. */
function findNode() {
  // Not by node_modules/.bin: of the packages for several processors npm 9 links the program of none.
  const brought = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (existsSync(brought)) return brought;
  if (major >= ownNode) return process.execPath;
  return fail(
    `No Node ${ownNode} comes with the packages for ${process.platform} on ${process.arch}: ` +
      `install Node ${ownNode} or newer from https://nodejs.org and run the command again (this is ${process.version}).`,
  );
}

async function handOver(node, argv) {
  const path = [join(root, 'node_modules', '.bin'), dirname(node), process.env.PATH].join(':');
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', ...argv], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, NODE_OPTIONS: undefined, PATH: path },
  });
  const watch = stopWhenAbandoned(child);
  process.exitCode = await ended(child);
  clearInterval(watch);
}

/** npm runs this through a shell, and neither passes every signal on: that one of them is gone is then the signal. */
function stopWhenAbandoned(child) {
  if (!process.env.npm_lifecycle_event) return undefined;
  const parents = () => `${process.ppid} ${parentOf(process.ppid)}`;
  const atFirst = parents();
  return setInterval(() => parents() !== atFirst && child.kill('SIGTERM'), 500);
}

function parentOf(pid) {
  return statFields(pid)?.[1];
}

/** What follows the command in parentheses: state, parent, …, start time (the 20th). */
function statFields(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
  } catch {
    return undefined;
  }
}

/** Waits for a child, passing on the signals that end this process; resolves to the exit code, the shell's way. */
function ended(child) {
  const passOn = (signal) => child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, passOn);
  return new Promise((resolve) => {
    child.on('error', (error) => fail(`${child.spawnfile} could not be started: ${error.message}`));
    child.on('exit', (code, signal) => {
      for (const each of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(each, passOn);
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
