import { Body, Controller, Get, HttpCode, Param, Post, Res, UseFilters } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { promoteJobBody, retryJobsBody } from '#contracts/ops.js';
import { Operator } from '../access/operator.js';
import { ProblemPageFilter } from '../pages/problem-page.filter.js';
import { sendPage } from '../pages/send-page.js';
import { ChangeJobs } from './change-jobs.js';
import { jobsPage } from './jobs.page.js';
import { ReadJobs } from './read-jobs.js';

const queueParams = z.object({ queue: z.string().min(1).max(200) });
const retryForm = z.union([promoteJobBody, z.strictObject({ all: z.literal('true') })]);

type QueueParams = z.output<typeof queueParams>;

/** What operators do to jobs, as JSON; `JobsPageController` has the same as a page. */
@Controller('api/jobs')
export class JobsController {
  constructor(private readonly changing: ChangeJobs) {}

  @Post(':queue/retry')
  @HttpCode(200)
  async retry(
    @Param({ schema: queueParams }) { queue }: QueueParams,
    @Body({ schema: retryJobsBody }) body: z.output<typeof retryJobsBody>,
    @Operator() operator: string,
  ) {
    const jobs = 'all' in body ? 'all' : { jobId: body.job_id };
    return { retried: await this.changing.retry(queue, jobs, operator) };
  }

  @Post(':queue/promote')
  @HttpCode(200)
  async promote(
    @Param({ schema: queueParams }) { queue }: QueueParams,
    @Body({ schema: promoteJobBody }) body: z.output<typeof promoteJobBody>,
    @Operator() operator: string,
  ) {
    return { promoted: await this.changing.promote(queue, body.job_id, operator) };
  }
}

/** The failed and the delayed jobs on a page without a script. A form runs them, and then shows the record. */
@Controller('jobs')
@UseFilters(ProblemPageFilter)
export class JobsPageController {
  constructor(
    private readonly reading: ReadJobs,
    private readonly changing: ChangeJobs,
  ) {}

  @Get()
  async show(@Operator() operator: string, @Res() reply: FastifyReply) {
    sendPage(reply, jobsPage(await this.reading.execute(), operator));
  }

  @Post(':queue/retry')
  async retry(
    @Param({ schema: queueParams }) { queue }: QueueParams,
    @Body({ schema: retryForm }) form: z.output<typeof retryForm>,
    @Operator() operator: string,
    @Res() reply: FastifyReply,
  ) {
    await this.changing.retry(queue, 'all' in form ? 'all' : { jobId: form.job_id }, operator);
    reply.redirect('/actions', 303);
  }

  @Post(':queue/promote')
  async promote(
    @Param({ schema: queueParams }) { queue }: QueueParams,
    @Body({ schema: promoteJobBody }) form: z.output<typeof promoteJobBody>,
    @Operator() operator: string,
    @Res() reply: FastifyReply,
  ) {
    await this.changing.promote(queue, form.job_id, operator);
    reply.redirect('/actions', 303);
  }
}
