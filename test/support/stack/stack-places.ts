import { Redis } from 'ioredis';
import pg from 'pg';
import { type DatabaseApp, databaseApps } from '../../../tools/apps/apps.ts';
import type { PrivateServer, ServerName } from '../../../tools/servers/server.ts';
import type { Home } from '../../../tools/workspace/home.ts';
import { exclusively } from '../../../tools/workspace/lock.ts';

/** How many stacks one run of the tests can start: each has a virtual host and a Redis database of its own. */
export const stacksMax = 32;

export const vhostOf = (stack: number) => `stack-${stack}`;

/** Where one stack keeps its data, apart from every other's. */
export interface Places {
  readonly number: number;
  /** Which ports are its own among stacks that run at one time. */
  readonly lane: number;
  readonly urls: { readonly DATABASE_URL: string; readonly REDIS_URL: string; readonly AMQP_URL: string };
  databaseName(app: DatabaseApp): string;
}

/** A worker of jest starts one stack at a time, and so does the run of the tests itself, on lane 0. */
export function laneOfProcess(): number {
  return Number(process.env.JEST_WORKER_ID ?? 0);
}

/** The places of the next stack, empty. */
export async function nextPlaces(home: Home, servers: Servers): Promise<Places> {
  const number = await exclusively(home.file('stacks.lock'), async () => {
    const started = startedStacks(home);
    if (started.length >= stacksMax) throw new Error(`More than ${stacksMax} stacks in one run: raise stacksMax`);
    home.write('stacks.json', [...started, laneOfProcess()]);
    return started.length + 1;
  });
  const places = placesOf(home, number, servers);
  await emptyRedis(places.urls.REDIS_URL);
  return places;
}

type Servers = Readonly<Record<ServerName, PrivateServer>>;

/** The lane of each stack of this run, in the order in which they were started. */
function startedStacks(home: Home): readonly number[] {
  return home.read<number[]>('stacks.json') ?? [];
}

/** The places of a stack that was started before. */
export function placesOf(home: Home, number: number, servers: Servers): Places {
  const lane = startedStacks(home)[number - 1];
  if (lane === undefined) throw new Error(`No stack ${number} was started in this run`);
  const at = (server: PrivateServer, path: string) => Object.assign(new URL(server.url), { pathname: `/${path}` }).href;
  return {
    number,
    lane,
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
