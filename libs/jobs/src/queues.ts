import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { keyPrefix } from './job.js';

const namesKey = 'matricula:queues';

/** Stores the names of queues for operators' tools. Called repeatedly, because Redis may lose them. */
export async function announceQueues(redis: Redis, names: readonly string[]): Promise<void> {
  if (names.length > 0) await redis.sadd(namesKey, ...names);
}

/** The names of the queues of all services, in alphabetical order. */
export async function queueNames(redis: Redis): Promise<string[]> {
  return (await redis.smembers(namesKey)).sort();
}

/** The queue of the job `name`, on a connection that the caller owns. Returns at once, also without Redis. */
export function openQueue(redis: Redis, name: string): Queue {
  const queue = new Queue(name, {
    connection: redis,
    prefix: keyPrefix(name),
    // Without this the constructor would wait for Redis. Commands fail at once while it is unavailable.
    skipWaitingForReady: true,
    skipVersionCheck: true,
  });
  // The connection logs its errors itself. Without a listener Node would end the process.
  queue.on('error', () => {});
  return queue;
}
