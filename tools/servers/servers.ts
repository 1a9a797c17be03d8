import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CliError, step } from '../terminal.ts';
import { type Home, startHome } from '../workspace/home.ts';
import { exclusively } from '../workspace/lock.ts';
import { isDebian, unpackedTools, unpackFromDebian } from './debian.ts';
import { ContainerServer, dockerAnswers } from './docker.ts';
import { postgresServer, releaseOfCluster } from './postgres.ts';
import { rabbitmqServer } from './rabbitmq.ts';
import { redisServer } from './redis.ts';
import { serverUser } from './run-as.ts';
import {
  type PrivateBroker,
  type PrivateServer,
  type ServerName,
  type ServerPort,
  type ServerSettings,
  serverTitle,
} from './server.ts';
import { findTools, missingFrom, oldest, type Tools } from './tools.ts';

/** What a home remembers of its servers, so that another process (a test) can stop, kill and start them too. */
interface Remembered {
  readonly ports: Record<ServerPort, number>;
  readonly vhosts: readonly string[];
  readonly tools: Tools | 'docker';
}

/** Finds or fetches the programs of the servers, and describes the private ones of this home. None is started. */
export async function arrangeServers(
  home: Home,
  names: readonly ServerName[],
  ports: Record<ServerPort, number>,
  vhosts: readonly string[],
): Promise<Map<ServerName, PrivateServer>> {
  const tools = names.length > 0 ? await obtainTools(names, releaseOfCluster(home)) : 'docker';
  home.write('servers.json', { ports, vhosts, tools } satisfies Remembered);
  return arrangedServers(home, names);
}

/** The servers as `arrangeServers` has described them before, in this process or another. */
export function arrangedServers(home: Home, names: readonly ServerName[]): Map<ServerName, PrivateServer> {
  const remembered = home.read<Remembered>('servers.json');
  if (!remembered) throw new Error(`No servers have been arranged in ${home.path}`);
  const password = home.keep('server-password.json', () => randomBytes(18).toString('hex'));
  const settings = { home, password, ports: remembered.ports, vhosts: remembered.vhosts };
  return new Map(names.map((name) => [name, serverOf(name, settings, remembered.tools)]));
}

/** The broker of this home, as `arrangeServers` has described it before. */
export function arrangedBroker(home: Home): PrivateBroker {
  return arrangedServers(home, ['rabbitmq']).get('rabbitmq') as PrivateBroker;
}

/** The folder of the Postgres programs that `arrangeServers` chose; undefined when Docker runs the server. */
export function arrangedPostgres(home: Home): string | undefined {
  const tools = home.read<Remembered>('servers.json')?.tools;
  return tools === 'docker' ? undefined : tools?.postgres;
}

function serverOf(name: ServerName, settings: ServerSettings, tools: Tools | 'docker'): PrivateServer {
  if (tools === 'docker') return new ContainerServer(name, settings);
  const processSettings = { ...settings, tools, user: serverUser() };
  if (name === 'postgres') return postgresServer(processSettings);
  if (name === 'redis') return redisServer(processSettings);
  return rabbitmqServer(processSettings);
}

/** In this order: what is installed here, what Debian has, what a Docker engine can run. */
async function obtainTools(names: readonly ServerName[], release: string | undefined): Promise<Tools | 'docker'> {
  const installed = findTools('/', {}, release);
  const missing = missingFrom(installed).filter((name) => names.includes(name));
  if (missing.length === 0) return installed as Tools;
  const folder = join(startHome().enterable('tools'), 'debian');
  let obstacle = '';
  if (isDebian()) {
    try {
      return await fromDebian(missing, installed, folder, release);
    } catch (error) {
      obstacle = ` (${(error as Error).message})`;
    }
  }
  if (release && missing.includes('postgres')) {
    throw new CliError(
      `The data in .matricula were made by Postgres ${release}, which is no longer here${obstacle}. ` +
        `Install it beside the other one, or forget the data: npm run reset`,
    );
  }
  if (dockerAnswers()) return 'docker';
  const wanted = missing.map((name) => `${serverTitle[name]} (${oldest[name]} or newer)`).join(', ');
  throw new CliError(
    `Missing: ${wanted}${obstacle}. Install them (apt-get install postgresql redis-server rabbitmq-server; or ` +
      'brew install postgresql redis rabbitmq), start Docker, or name servers of your own in DATABASE_URL, ' +
      'REDIS_URL and AMQP_URL.',
  );
}

async function fromDebian(
  missing: readonly ServerName[],
  installed: Partial<Tools>,
  folder: string,
  release: string | undefined,
): Promise<Tools> {
  const complete = () => {
    const unpacked = existsSync(folder) ? unpackedTools(folder, release) : {};
    const defined = Object.entries(unpacked).filter(([, value]) => value !== undefined);
    const tools = { ...installed, ...Object.fromEntries(defined) };
    return missing.every((name) => !missingFrom(tools).includes(name)) ? (tools as Tools) : undefined;
  };
  const titles = missing.map((name) => serverTitle[name]).join(', ');
  return exclusively(`${folder}.lock`, async () => {
    const there = complete();
    if (there) return there;
    await step(`${titles} fetched from Debian into .matricula`, () => unpackFromDebian(missing, folder));
    const fetched = complete();
    if (!fetched) throw new Error(`Debian's packages lack a recent ${titles}`);
    return fetched;
  });
}
