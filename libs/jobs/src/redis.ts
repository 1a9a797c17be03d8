import { Logger } from '@nestjs/common';
import { Redis, type RedisOptions } from 'ioredis';
import { Misconfigured } from '#kernel/config.js';

const reconnectMsMax = 3_000;

const steady = {
  connectTimeout: 3_000,
  keepAlive: 10_000,
  // How long a goodbye may take. ioredis waits so long for sockets that are closed already, too.
  disconnectTimeout: 300,
  // Grows to the bound, with jitter, for ever: a Redis that is away costs latency only.
  retryStrategy: (times) => Math.min(100 * 2 ** Math.min(times, 5), reconnectMsMax) * (0.5 + Math.random() / 2),
} satisfies RedisOptions;

/**
 * For producers and look-ups: answers or fails within about two seconds, and queues nothing while Redis is away. A
 * connection that has fallen silent is given up for a new one.
 */
export function producerConnection(url: string): Redis {
  const bounds = { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 2_000, socketTimeout: 3_000 };
  return watched(new Redis(url, { ...steady, ...bounds }));
}

/** For workers: waits for Redis to come back, as BullMQ demands of them. They block for ten seconds at the most. */
export function workerConnection(url: string): WorkerRedis {
  return watched(new WorkerRedis(url, { ...steady, maxRetriesPerRequest: null, socketTimeout: 12_000 }));
}

/** BullMQ makes a copy of it for each worker to block on, and closes that one only in talk with Redis. */
export class WorkerRedis extends Redis {
  private readonly copies: Redis[] = [];

  override duplicate(override?: Partial<RedisOptions>): Redis {
    const copy = super.duplicate(override);
    this.copies.push(copy);
    return copy;
  }

  /**
   * Lets go of this connection and of every copy at once, whether Redis is there, away or hanging; what waits for them
   * fails.
   */
  letGo(): void {
    for (const redis of [this, ...this.copies]) {
      if (redis.status === 'end') continue;
      // What still happens to it concerns nobody any more.
      redis.on('error', () => {});
      // One that pauses between two attempts would be told nothing, and never say that it has ended.
      if (redis.status === 'reconnecting') redis.connect().catch(() => {});
      redis.disconnect();
    }
  }
}

/** ioredis reports each failed attempt; an operator wants to know when it went and when it came back. */
function watched<Connection extends Redis>(redis: Connection): Connection {
  const logger = new Logger('Redis');
  let away = false;
  redis.on('error', (error) => {
    if (!away) logger.warn({ err: error }, 'Redis is away');
    away = true;
  });
  redis.on('ready', () => {
    if (away) logger.log('Redis is back');
    away = false;
  });
  return redis;
}

/**
 * A Redis that evicts keys to make room loses jobs without a word. In production such a server is refused.
 * Read from INFO, which managed servers allow where they forbid CONFIG.
 * @throws Misconfigured
 */
export async function refuseEviction(redis: Redis, production: boolean): Promise<void> {
  const policy = /maxmemory_policy:([\w-]+)/.exec(await redis.info('memory'))?.[1];
  if (policy === undefined || policy === 'noeviction') return;
  const words = `Redis evicts jobs when its memory is full: set maxmemory-policy to noeviction, not ${policy}`;
  if (production) throw new Misconfigured(words);
  new Logger('Redis').warn(words);
}
