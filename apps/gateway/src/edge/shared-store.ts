import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Redis, type Result } from 'ioredis';
import { ServiceUnavailable } from '#messaging/faults.js';

const commandTimeoutMs = 1_000;
const pingEveryMs = 2_000;

/** Removes a key only while it still holds what we put there. */
const releaseScript = `
  if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
  return 0`;

declare module 'ioredis' {
  interface RedisCommander<Context> {
    releaseKey(key: string, holder: string): Result<number, Context>;
  }
}

/**
 * What all gateway instances share, in Redis: counters of the rate limits and marks of requests that are running. It
 * only ever turns requests away early; nothing is lost with it. Commands of one turn of the event loop go together,
 * and none is ever waited for longer than `commandTimeoutMs`: without Redis callers get a 503 at once.
 */
@Injectable()
export class SharedStore implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(SharedStore.name);
  readonly redis: Redis;
  private lastComplaint = '';

  constructor(url: string) {
    this.redis = new Redis(url, {
      connectionName: 'gateway',
      lazyConnect: true,
      enableAutoPipelining: true,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      commandTimeout: commandTimeoutMs,
      connectTimeout: 2_000,
      // A peer that fell silent is noticed by the kernel, not by us: keep asking it.
      keepAlive: pingEveryMs,
      retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, 1_000),
      scripts: { releaseKey: { numberOfKeys: 1, lua: releaseScript } },
    });
    this.redis.on('error', (error: Error) => this.complain(error.message));
    this.redis.on('ready', () => {
      this.lastComplaint = '';
      this.logger.log('connected');
    });
  }

  /** Starts to connect; whether Redis is there yet is no condition for starting. */
  onModuleInit(): void {
    this.redis.connect().catch((error: Error) => this.complain(error.message));
  }

  onApplicationShutdown(): void {
    this.redis.disconnect();
  }

  /** For health checks. */
  ping(): Promise<unknown> {
    return this.ask(this.redis.ping());
  }

  /** @throws ServiceUnavailable whatever went wrong. */
  async ask<Answer>(command: Promise<Answer>): Promise<Answer> {
    try {
      return await command;
    } catch (error) {
      throw new ServiceUnavailable('redis', (error as Error).message, { cause: error });
    }
  }

  /** Takes `key` for `holder` for at most `forMs`. Answers false when somebody else has it. */
  async take(key: string, holder: string, forMs: number): Promise<boolean> {
    return (await this.ask(this.redis.set(key, holder, 'PX', forMs, 'NX'))) === 'OK';
  }

  /** Gives `key` back if `holder` still has it. Not waited for: should it fail, the key lapses by itself. */
  release(key: string, holder: string): void {
    this.redis.releaseKey(key, holder).catch(() => {});
  }

  /** A server that is away is worth one line and not one per attempt to reach it. */
  private complain(message: string): void {
    if (message === this.lastComplaint) return;
    this.lastComplaint = message;
    this.logger.warn(message);
  }
}
