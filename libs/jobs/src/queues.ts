import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { keyPrefix } from './job.js';

const namesKey = 'matricula:queues';

/** Lets operators' tools find every queue of every service. Called again and again, because Redis may lose it. */
export async function announceQueues(redis: Redis, names: readonly string[]): Promise<void> {
  if (names.length > 0) await redis.sadd(namesKey, ...names);
}

/** Every queue that a service has announced, in alphabetical order. */
export async function queueNames(redis: Redis): Promise<string[]> {
  return (await redis.smembers(namesKey)).sort();
}

/**
 * The queue of the job `name`, on a connection that stays the caller's: made at once, whether Redis is there or not.
 */
export function openQueue(redis: Redis, name: string): Queue {
  const queue = new Queue(name, {
    connection: redis,
    prefix: keyPrefix(name),
    // A Redis that is away must not hold up whoever makes the queue; commands then fail at once.
    skipWaitingForReady: true,
    skipVersionCheck: true,
  });
  // The connection itself says when it goes and comes; without a listener Node would end the process.
  queue.on('error', () => {});
  return queue;
}
