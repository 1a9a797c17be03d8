import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { ownedFolder } from './run-as.ts';
import { ProcessServer, type ProcessSettings, serverUrl } from './server.ts';

export function redisServer(settings: ProcessSettings): ProcessServer {
  const { home, ports, password, tools, user } = settings;
  const folder = join(home.servers, 'redis');
  const url = serverUrl('redis', settings);
  const plan = {
    name: 'redis',
    command: tools.redis,
    args: [join(folder, 'redis.conf')],
    env: tools.env,
    cwd: home.servers,
    user,
    log: home.log('redis'),
    prepare: () => {
      ownedFolder(folder, user);
      writeFileSync(join(folder, 'redis.conf'), configuration(folder, ports.redis, password));
      ownedFolder(folder, user);
    },
    isReady: () => answers(url),
  };
  return new ProcessServer(url, plan, home.processes);
}

/** Jobs must survive a restart (append-only file) and must never be evicted. */
function configuration(folder: string, port: number, password: string): string {
  return [
    'bind 127.0.0.1',
    `port ${port}`,
    `requirepass ${password}`,
    `dir "${folder}"`,
    'databases 64',
    'appendonly yes',
    'appendfsync everysec',
    'maxmemory-policy noeviction',
    'save ""',
    '',
  ].join('\n');
}

async function answers(url: string): Promise<boolean> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null, connectTimeout: 2_000 });
  redis.on('error', () => {});
  try {
    await redis.connect();
    return (await redis.ping()) === 'PONG';
  } catch {
    return false;
  } finally {
    redis.disconnect();
  }
}
