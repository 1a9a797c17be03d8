import { Redis } from 'ioredis';
import pg from 'pg';
import { type DatabaseApp, databaseApps } from '../../../tools/apps/apps.ts';
import type { PrivateServer, ServerName } from '../../../tools/servers/server.ts';
import type { Home } from '../../../tools/workspace/home.ts';

/** How many stacks one run of the tests can start: each has a virtual host and a Redis database of its own. */
export const stacksMax = 32;

export const vhostOf = (stack: number) => `stack-${stack}`;

/** Where one stack keeps its data, apart from every other's. */
export interface Places {
  readonly number: number;
  readonly urls: { readonly DATABASE_URL: string; readonly REDIS_URL: string; readonly AMQP_URL: string };
  databaseName(app: DatabaseApp): string;
}

/** The places of the next stack, empty. */
export async function nextPlaces(home: Home, servers: Readonly<Record<ServerName, PrivateServer>>): Promise<Places> {
  const number = (home.read<number>('stacks.json') ?? 0) + 1;
  if (number > stacksMax) throw new Error(`More than ${stacksMax} stacks in one run of the tests: raise stacksMax`);
  home.write('stacks.json', number);
  const places = placesOf(number, servers);
  await emptyRedis(places.urls.REDIS_URL);
  return places;
}

/** The places of a stack that was started before. */
export function placesOf(number: number, servers: Readonly<Record<ServerName, PrivateServer>>): Places {
  const at = (server: PrivateServer, path: string) => Object.assign(new URL(server.url), { pathname: `/${path}` }).href;
  return {
    number,
    urls: {
      DATABASE_URL: servers.postgres.url,
      REDIS_URL: at(servers.redis, String(number)),
      AMQP_URL: at(servers.rabbitmq, vhostOf(number)),
    },
    databaseName: (app) => `stack_${number}_${app}`,
  };
}

/** Drops a stack's databases. Its queues go with the broker's data when the run of the tests ends. */
export async function leavePlaces({ urls, databaseName }: Places): Promise<void> {
  const client = new pg.Client({ connectionString: urls.DATABASE_URL });
  await client.connect();
  try {
    for (const app of databaseApps) {
      await client.query(`DROP DATABASE IF EXISTS ${databaseName(app)} WITH (FORCE)`);
    }
  } finally {
    await client.end();
  }
}

async function emptyRedis(url: string): Promise<void> {
  const redis = new Redis(url);
  try {
    await redis.flushdb();
  } finally {
    redis.disconnect();
  }
}
