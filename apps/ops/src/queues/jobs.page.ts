import { type Content, type Html, html } from '../pages/html.js';
import { layout } from '../pages/layout.js';
import { row, section, table, time } from '../pages/parts.js';

/** A job that an operator may run. */
export interface WaitingJob {
  readonly id: string;
  /** Of a failed job: the last error. */
  readonly failure: string;
  /** When it failed, or is due. */
  readonly at: string;
  readonly attempts: number;
}

/** The failed and the delayed jobs of a queue: the first ones, and how many there are. */
export interface JobsOfQueue {
  readonly queue: string;
  readonly failed: readonly WaitingJob[];
  readonly failedCount: number;
  readonly delayed: readonly WaitingJob[];
  readonly delayedCount: number;
}

/** The jobs that an operator may run, with a form each. */
export function jobsPage(queues: readonly JobsOfQueue[], operator: string): Html {
  const shown = queues.filter(({ failedCount, delayedCount }) => failedCount + delayedCount > 0);
  const body = html`<p>“Retry” runs a failed job again, and “Run now” a delayed one at once. <a href="/queues">All jobs</a></p>
${shown.map((one) => section(one.queue, html`${failedJobs(one)}${delayedJobs(one)}`))}
${shown.length === 0 && html`<p class="empty">No job has failed, and none is delayed.</p>`}`;
  return layout({ title: 'Jobs', body, operator });
}

function failedJobs({ queue, failed, failedCount }: JobsOfQueue): Content {
  if (failedCount === 0) return null;
  const rows = failed.map((job) =>
    row(job.id, job.failure, time(job.at), job.attempts, form(queue, 'retry', 'Retry', job)),
  );
  return html`${table(`Failed jobs: ${failedCount}`, ['Job', 'Why', 'Failed', 'Attempts', ''], rows, 'None.')}
${form(queue, 'retry', `Retry all ${failedCount}`)}`;
}

function delayedJobs({ queue, delayed, delayedCount }: JobsOfQueue): Content {
  if (delayedCount === 0) return null;
  const rows = delayed.map((job) => row(job.id, time(job.at), form(queue, 'promote', 'Run now', job)));
  return table(`Delayed jobs: ${delayedCount}`, ['Job', 'Due', ''], rows, 'None.');
}

/** Without a job: all failed ones. */
function form(queue: string, what: 'retry' | 'promote', words: string, job?: WaitingJob): Html {
  const which = job
    ? html`<input type="hidden" name="job_id" value="${job.id}">`
    : html`<input type="hidden" name="all" value="true">`;
  return html`<form class="act" method="post" action="/jobs/${encodeURIComponent(queue)}/${what}">${which}<button type="submit">${words}</button></form>`;
}
