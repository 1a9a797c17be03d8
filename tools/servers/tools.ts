import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ServerName } from './server.ts';

/** Where the servers' programs are, and the environment that they need. */
export interface Tools {
  /** The folder of Postgres's programs. */
  readonly postgres: string;
  readonly redis: string;
  readonly rabbitmq: string;
  /** Erlang's port mapper. */
  readonly epmd: string;
  readonly env: NodeJS.ProcessEnv;
}

export const oldest: Readonly<Record<ServerName, string>> = { postgres: '15', redis: '6.2', rabbitmq: '3.10' };

/**
 * Looks for the programs below a file system root: `/`, or the folder that packages were unpacked into.
 * The answer lacks what is not there or is too old; so it does a Postgres that is not of the release `postgres`, if
 * one is named.
 */
export function findTools(under = '/', env: NodeJS.ProcessEnv = {}, postgres?: string): Partial<Tools> {
  const path = process.env.PATH ?? '';
  const places = ['usr/sbin', 'usr/bin', 'usr/local/sbin', 'usr/local/bin', 'opt/homebrew/sbin', 'opt/homebrew/bin'];
  const folders = [...(under === '/' ? path.split(':') : []), ...places.map((place) => join(under, place))];
  const environment = { PATH: `${folders.join(':')}:${path}`, LANG: 'C.UTF-8', ...env };
  const erl = program('erl', folders);
  return {
    postgres: findPostgres(under, folders, environment, postgres),
    redis: findRedis(folders, environment),
    rabbitmq: erl && findRabbitmq(under, folders),
    epmd: erl && findPortMapper(erl),
    env: environment,
  };
}

export function missingFrom(tools: Partial<Tools>): ServerName[] {
  const missing: ServerName[] = [];
  if (!tools.postgres) missing.push('postgres');
  if (!tools.redis) missing.push('redis');
  if (!tools.rabbitmq || !tools.epmd) missing.push('rabbitmq');
  return missing;
}

function findPostgres(
  under: string,
  folders: readonly string[],
  env: NodeJS.ProcessEnv,
  wanted: string | undefined,
): string | undefined {
  const debian = join(under, 'usr/lib/postgresql');
  const releases = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  return [...releases.map((release) => join(debian, release, 'bin')), ...folders].find((folder) => {
    if (!program('initdb', [folder])) return false;
    const version = versionOf(join(folder, 'postgres'), ['--version'], env);
    return isRecent('postgres', version) && (wanted === undefined || version?.split('.')[0] === wanted);
  });
}

function findRedis(folders: readonly string[], env: NodeJS.ProcessEnv): string | undefined {
  const redis = program('redis-server', folders);
  return redis && isRecent('redis', versionOf(redis, ['--version'], env)) ? redis : undefined;
}

/** Debian's script in sbin insists on Debian's own user; the one it wraps does not. */
function findRabbitmq(under: string, folders: readonly string[]): string | undefined {
  const wrapped = join(under, 'usr/lib/rabbitmq/lib');
  const releases = existsSync(wrapped) ? readdirSync(wrapped).map((release) => join(wrapped, release, 'sbin')) : [];
  const script = program('rabbitmq-server', [...releases, ...folders]);
  // The folder of a release bears its version; asking the program itself takes a whole second.
  const version = script && /rabbitmq_server-([\d.]+)|rabbitmq\/([\d.]+)/.exec(realpathSync(script));
  return version && isRecent('rabbitmq', version[1] ?? version[2]) ? script : undefined;
}

/** It lies beside `erl`, in Erlang's own folder. */
function findPortMapper(erl: string): string | undefined {
  return program('epmd', [dirname(erl), dirname(realpathSync(erl))]);
}

function program(name: string, folders: readonly string[]): string | undefined {
  return folders.map((folder) => join(folder, name)).find((path) => isExecutable(path));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function versionOf(path: string, args: readonly string[], env: NodeJS.ProcessEnv): string | undefined {
  try {
    return /\d+(\.\d+)+/.exec(
      execFileSync(path, args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    )?.[0];
  } catch {
    return undefined;
  }
}

function isRecent(server: ServerName, version: string | undefined): boolean {
  if (version === undefined) return false;
  const [wanted, found] = [oldest[server], version].map((text) => text.split('.').map(Number));
  const [major = 0, minor = 0] = found ?? [];
  const [majorMin = 0, minorMin = 0] = wanted ?? [];
  return major > majorMin || (major === majorMin && minor >= minorMin);
}
