import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { CliError } from '../terminal.ts';
import type { Home } from '../workspace/home.ts';
import { ownedFolder } from './run-as.ts';
import { ProcessServer, type ProcessSettings, serverUrl } from './server.ts';

/**
 * Durability stays as Postgres ships it, fsync and synchronous_commit on. Without socket files, no path is too long.
 */
const options = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 300,
  shared_buffers: '256MB',
  max_wal_size: '2GB',
  jit: 'off',
};

export function postgresServer(settings: ProcessSettings): ProcessServer {
  const { home, ports, tools, user } = settings;
  const folder = join(home.servers, 'postgres');
  const url = serverUrl('postgres', settings);
  const plan = {
    name: 'postgres',
    command: join(tools.postgres, 'postgres'),
    args: [
      '-D',
      folder,
      '-p',
      String(ports.postgres),
      ...Object.entries(options).flatMap(([k, v]) => ['-c', `${k}=${v}`]),
    ],
    env: tools.env,
    cwd: home.servers,
    user,
    log: home.log('postgres'),
    stopSignal: 'SIGINT' as const, // a "fast" shutdown: it does not wait for clients to leave
    prepare: () => createCluster(folder, settings),
    isReady: () => answers(url),
  };
  return new ProcessServer(url, plan, home.processes);
}

/** The release that the kept data were made by, such as `15`: no other can read them. Undefined when there are none. */
export function releaseOfCluster(home: Home): string | undefined {
  const file = join(home.servers, 'postgres', 'PG_VERSION');
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}

/** Made beside its place and then moved there, so that a set-up that was broken off leaves nothing half-made. */
function createCluster(folder: string, { password, tools, user }: ProcessSettings): void {
  if (existsSync(folder)) return;
  const made = `${folder}.new`;
  rmSync(made, { recursive: true, force: true });
  const passwordFile = join(ownedFolder(made, user), 'password');
  writeFileSync(passwordFile, password);
  ownedFolder(made, user);
  const cluster = join(made, 'cluster');
  const access = ['-U', 'matricula', '--pwfile', passwordFile, '--auth', 'scram-sha-256'];
  const args = ['-D', cluster, ...access, '--encoding', 'UTF8', '--locale', 'C'];
  const { status, stderr } = spawnSync(join(tools.postgres, 'initdb'), args, {
    cwd: made,
    env: tools.env,
    encoding: 'utf8',
    ...user,
  });
  if (status !== 0) throw new CliError(`Postgres could not make its data folder: ${stderr}`);
  renameSync(cluster, folder);
  rmSync(made, { recursive: true });
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}
