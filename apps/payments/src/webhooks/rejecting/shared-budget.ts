import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';

const keptSeconds = 120;
const keysMax = 1_000;

/**
 * A number of times that something may be done, shared by all instances through Redis. While Redis is away each
 * instance counts for itself.
 */
@Injectable()
export class SharedBudget implements OnApplicationShutdown {
  private readonly redis: Redis;
  private readonly connected: Promise<void>;
  private readonly own = new Map<string, number>();

  constructor(redisUrl: string) {
    this.redis = new Redis(redisUrl, {
      lazyConnect: true,
      enableOfflineQueue: false,
      commandTimeout: 250,
      maxRetriesPerRequest: 0,
      keyPrefix: 'matricula:{webhooks}:',
    });
    this.redis.on('error', () => {}); // spend() falls back
    this.connected = this.redis.connect().catch(() => {});
  }

  /** Resolves after the first attempt to reach Redis, whether it succeeded or failed. */
  ready(): Promise<void> {
    return this.connected;
  }

  /** Whether `key` has been spent at most `limit` times, this time included. */
  async spend(key: string, limit: number): Promise<boolean> {
    const spentHere = (this.own.get(key) ?? 0) + 1;
    if (this.own.size >= keysMax) this.own.clear();
    this.own.set(key, spentHere);
    if (spentHere > limit) return false;
    try {
      const spent = await this.redis.incr(key);
      if (spent === 1) await this.redis.expire(key, keptSeconds);
      return spent <= limit;
    } catch {
      return true;
    }
  }

  onApplicationShutdown(): void {
    this.redis.disconnect();
  }
}
