import { Logger } from '@nestjs/common';
import { Redis, type RedisOptions } from 'ioredis';
import { Misconfigured } from '#kernel/config.js';

const reconnectMsMax = 3_000;

const steady = {
  connectTimeout: 3_000,
  keepAlive: 10_000,
  // How long a disconnect may take. ioredis waits as long for sockets that are closed already.
  disconnectTimeout: 300,
  // Reconnects for ever, with pauses that grow to the bound, with jitter: an unavailable Redis costs latency only.
  retryStrategy: (times) => Math.min(100 * 2 ** Math.min(times, 5), reconnectMsMax) * (0.5 + Math.random() / 2),
} satisfies RedisOptions;

/**
 * The connection of producers and look-ups: a command succeeds or fails within about two seconds, and none is queued
 * while Redis is unavailable. A silent connection is replaced.
 */
export function producerConnection(url: string): Redis {
  const bounds = { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 2_000, socketTimeout: 3_000 };
  return logged(new Redis(url, { ...steady, ...bounds }));
}

/**
 * The connection of workers: it waits until Redis is back, as BullMQ requires. Workers block for at most ten seconds.
 */
export function workerConnection(url: string): WorkerRedis {
  return logged(new WorkerRedis(url, { ...steady, maxRetriesPerRequest: null, socketTimeout: 12_000 }));
}

/**
 * BullMQ makes a copy of this connection for each worker to block on, and can close the copy only while Redis answers.
 */
export class WorkerRedis extends Redis {
  private readonly copies: Redis[] = [];

  override duplicate(override?: Partial<RedisOptions>): Redis {
    const copy = super.duplicate(override);
    this.copies.push(copy);
    return copy;
  }

  /** Disconnects this connection and every copy at once, whether or not Redis answers. Commands that wait fail. */
  disconnectAll(): void {
    for (const redis of [this, ...this.copies]) {
      if (redis.status === 'end') continue;
      // Errors of a closed connection are irrelevant; without a listener they would end the process.
      redis.on('error', () => {});
      // ioredis ignores `disconnect` in the pause between two attempts, and would never emit `end`.
      if (redis.status === 'reconnecting') redis.connect().catch(() => {});
      redis.disconnect();
    }
  }
}

/** Logs when Redis becomes unavailable and when it is back; ioredis reports each failed attempt. */
function logged<Connection extends Redis>(redis: Connection): Connection {
  const logger = new Logger('Redis');
  let unavailable = false;
  redis.on('error', (error) => {
    if (!unavailable) logger.warn({ err: error }, 'Redis is unavailable');
    unavailable = true;
  });
  redis.on('ready', () => {
    if (unavailable) logger.log('Redis is available again');
    unavailable = false;
  });
  return redis;
}

/**
 * A Redis that evicts keys to free memory loses jobs silently. In production such a server is refused, elsewhere
 * logged. Read from INFO, which managed servers allow where they forbid CONFIG.
 * @throws Misconfigured in production
 */
export async function refuseEviction(redis: Redis, production: boolean): Promise<void> {
  const policy = /maxmemory_policy:([\w-]+)/.exec(await redis.info('memory'))?.[1];
  if (policy === undefined || policy === 'noeviction') return;
  const problem = `Redis evicts jobs when its memory is full: set maxmemory-policy to noeviction, not ${policy}`;
  if (production) throw new Misconfigured(problem);
  new Logger('Redis').warn(problem);
}
