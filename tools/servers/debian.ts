import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliError, say } from '../terminal.ts';
import type { ServerName } from './server.ts';
import { findTools, type Tools } from './tools.ts';

const packageOf: Readonly<Record<ServerName, string>> = {
  postgres: 'postgresql',
  redis: 'redis-server',
  rabbitmq: 'rabbitmq-server',
};

/** Postgres's just-in-time compiler weighs as much as all the rest, and short transactions gain nothing by it. */
const dispensable = /^(libllvm|libz3)/;

export function isDebian(): boolean {
  return existsSync('/usr/bin/apt-get') && existsSync('/usr/bin/dpkg');
}

/** Fetches and unpacks Debian's packages of the servers. */
export function unpackFromDebian(servers: readonly ServerName[], folder: string): Promise<void> {
  const names = servers.map((name) => packageOf[name]);
  return unpackPackages(names, folder);
}

/**
 * Fetches Debian's packages, with all that they need and this machine lacks, and unpacks them into a folder of our own.
 * Nothing is installed: no system service appears, no file outside changes, and no root is needed.
 */
export async function unpackPackages(names: readonly string[], folder: string): Promise<void> {
  const work = `${folder}.${process.pid}`;
  try {
    const apt = privateApt(join(work, 'apt'));
    await apt('update');
    const plan = await apt('install', '--simulate', '--no-install-recommends', ...names);
    const packages = [...plan.matchAll(/^Inst (\S+)/gm)].map(([, name]) => name as string);
    const needed = packages.filter((name) => !dispensable.test(name));
    say(`  fetching ${needed.length} packages from Debian`);
    await apt('download', ...needed);
    const archives = readdirSync(join(work, 'apt')).filter((file) => file.endsWith('.deb'));
    for (const archive of archives) await run('dpkg', ['-x', join(work, 'apt', archive), join(work, 'unpacked')], work);
    moveErlang(join(work, 'unpacked'));
    mkdirSync(join(folder, '..'), { recursive: true });
    rmSync(folder, { recursive: true, force: true });
    renameSync(join(work, 'unpacked'), folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The programs that were unpacked there, now or earlier; see `findTools`. */
export function unpackedTools(folder: string, postgres?: string): Partial<Tools> {
  return findTools(folder, { LD_LIBRARY_PATH: librariesBelow(folder) }, postgres);
}

/** The folders of libraries that were unpacked there, as the dynamic linker takes them. */
export function librariesBelow(folder: string): string {
  const libraries = ['usr/lib', 'lib']
    .map((place) => join(folder, place))
    .filter((place) => existsSync(place))
    .flatMap((place) => [
      place,
      ...readdirSync(place)
        .filter(isTriplet)
        .map((triplet) => join(place, triplet)),
    ]);
  return libraries.join(':');
}

function isTriplet(folder: string): boolean {
  return folder.endsWith('-linux-gnu');
}

/** Erlang's start script names the place where it expects to be; now it looks where it is. */
function moveErlang(unpacked: string): void {
  const script = join(unpacked, 'usr/lib/erlang/bin/erl');
  if (!existsSync(script)) return;
  const itsPlace = '"$(dirname "$(dirname "$(readlink -f "$0")")")"';
  writeFileSync(script, readFileSync(script, 'utf8').replaceAll('ROOTDIR=/usr/lib/erlang', `ROOTDIR=${itsPlace}`));
}

/** apt-get with package lists of its own, so that it neither needs nor changes the system's. */
export function privateApt(folder: string): (...args: string[]) => Promise<string> {
  const [state, cache] = [join(folder, 'state'), join(folder, 'cache')];
  for (const needed of [join(state, 'lists/partial'), join(cache, 'archives/partial')])
    mkdirSync(needed, { recursive: true });
  const settings = [
    `Dir::State=${state}`,
    'Dir::State::status=/var/lib/dpkg/status',
    `Dir::Cache=${cache}`,
    'Debug::NoLocking=true',
    'APT::Sandbox::User=root',
    'Acquire::Retries=3',
  ];
  return (...args) => run('apt-get', ['-q', ...settings.flatMap((setting) => ['-o', setting]), ...args], folder);
}

/** Runs a program and returns what it prints. @throws CliError with the last lines of its complaint */
export function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let complaints = '';
    child.stdout.on('data', (data) => {
      output += data;
    });
    child.stderr.on('data', (data) => {
      complaints += data;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new CliError(`${command} failed: ${(complaints || output).trim().split('\n').slice(-3).join(' ')}`));
    });
  });
}
