import { Module } from '@nestjs/common';
import { ActionsModule } from '../actions/actions.module.js';
import { ChangeJobs } from './change-jobs.js';
import { JobsController, JobsPageController } from './jobs.http.js';
import { QueuesModule } from './queues.module.js';
import { ReadJobs } from './read-jobs.js';

/** What operators do to jobs. */
@Module({
  imports: [ActionsModule, QueuesModule],
  controllers: [JobsController, JobsPageController],
  providers: [ChangeJobs, ReadJobs],
})
export class JobsModule {}
