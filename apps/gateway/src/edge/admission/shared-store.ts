import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Redis, type Result } from 'ioredis';
import { ServiceUnavailable } from '#messaging/faults.js';

const commandTimeoutMs = 1_000;
const pingEveryMs = 2_000;

/** Deletes a key only while `holder` still has it. */
const releaseScript = `
  if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
  return 0`;

/** Subtracts one from a counter, unless its window is over. */
const uncountScript = `
  if redis.call('EXISTS', KEYS[1]) == 1 then return redis.call('DECR', KEYS[1]) end
  return 0`;

declare module 'ioredis' {
  interface RedisCommander<Context> {
    uncount(key: string): Result<number, Context>;
    releaseKey(key: string, holder: string): Result<number, Context>;
  }
}

/**
 * State that all gateway instances share, in Redis: counters of the limits and in-flight locks. It is used only to
 * refuse requests early; losing it loses no data. Commands of one turn of the event loop are pipelined, and each fails
 * after `commandTimeoutMs`: without Redis callers get a 503 at once.
 */
@Injectable()
export class SharedStore implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(SharedStore.name);
  readonly redis: Redis;
  private lastWarning = '';

  constructor(url: string) {
    this.redis = new Redis(url, {
      connectionName: 'gateway',
      lazyConnect: true,
      enableAutoPipelining: true,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      commandTimeout: commandTimeoutMs,
      connectTimeout: 2_000,
      // TCP keep-alive detects a peer that no longer answers.
      keepAlive: pingEveryMs,
      retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, 1_000),
      scripts: {
        releaseKey: { numberOfKeys: 1, lua: releaseScript },
        uncount: { numberOfKeys: 1, lua: uncountScript },
      },
    });
    this.redis.on('error', (error: Error) => this.warnOnce(error.message));
    this.redis.on('ready', () => {
      this.lastWarning = '';
      this.logger.log('connected');
    });
  }

  /** Starts to connect without waiting: the gateway starts without Redis too. */
  onModuleInit(): void {
    this.redis.connect().catch((error: Error) => this.warnOnce(error.message));
  }

  onApplicationShutdown(): void {
    this.redis.disconnect();
  }

  /** For health checks. */
  ping(): Promise<unknown> {
    return this.orUnavailable(this.redis.ping());
  }

  /**
   * The result of a command.
   * @throws ServiceUnavailable when the command fails for any reason
   */
  async orUnavailable<Answer>(command: Promise<Answer>): Promise<Answer> {
    try {
      return await command;
    } catch (error) {
      throw new ServiceUnavailable('redis', (error as Error).message, { cause: error });
    }
  }

  /** Takes `key` for `holder` for at most `forMs`. False when another holder has it. */
  async acquire(key: string, holder: string, forMs: number): Promise<boolean> {
    return (await this.orUnavailable(this.redis.set(key, holder, 'PX', forMs, 'NX'))) === 'OK';
  }

  /** Releases `key` if `holder` still has it. Does not wait: if the command fails, the key expires by itself. */
  release(key: string, holder: string): void {
    this.redis.releaseKey(key, holder).catch(() => {});
  }

  /** Takes back one count. Does not wait: if the command fails, the count ends with its window. */
  uncount(key: string): void {
    this.redis.uncount(key).catch(() => {});
  }

  /** Logs an error once, not once per attempt to connect. */
  private warnOnce(message: string): void {
    if (message === this.lastWarning) return;
    this.lastWarning = message;
    this.logger.warn(message);
  }
}
