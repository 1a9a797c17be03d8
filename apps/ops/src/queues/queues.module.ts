import { Module } from '@nestjs/common';
import { JobQueues } from './job-queues.js';

/** The job queues of all services. */
@Module({ providers: [JobQueues], exports: [JobQueues] })
export class QueuesModule {}
