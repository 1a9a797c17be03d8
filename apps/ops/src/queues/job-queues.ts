import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { JobsUnavailable } from '#jobs/jobs.js';
import { openQueue, queueNames } from '#jobs/queues.js';
import { producerConnection } from '#jobs/redis.js';
import { OpsSettings } from '../ops.config.js';

/** The job queues of all services, by the names that the services have announced in Redis. */
@Injectable()
export class JobQueues implements OnApplicationShutdown {
  private readonly redis: ReturnType<typeof producerConnection>;
  private readonly known = new Map<string, Queue>();

  constructor({ redisUrl }: OpsSettings) {
    this.redis = producerConnection(redisUrl);
  }

  /** @throws JobsUnavailable */
  async all(): Promise<readonly Queue[]> {
    if (this.redis.status !== 'ready') throw new JobsUnavailable('cannot be reached');
    for (const name of await queueNames(this.redis)) {
      if (!this.known.has(name)) this.known.set(name, openQueue(this.redis, name));
    }
    return [...this.known.values()];
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.known.values()].map((queue) => queue.close()));
    this.redis.disconnect();
  }
}
