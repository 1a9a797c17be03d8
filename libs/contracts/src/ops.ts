import { z } from 'zod';
import { id, instant, pageOf, paging, text } from './wire.js';

/** The HTTP bodies of the operators' service, which neither consumes events nor sends requests. */

/** A message that its consumer could not handle. */
export const parkedMessage = z
  .object({
    parked_id: z.string().describe('The id of this parking; a message that is parked again gets another id.'),
    message_id: z.string().nullable(),
    type: z.string().nullable(),
    subject: z.string().nullable(),
    reason: z.string().describe('Stable, such as `bug` or `retries-exhausted`.'),
    detail: z.string().describe('The error of the handler.'),
    parked_at: z.string().nullable(),
    attempts: z.int().min(0),
    body: z.string(),
  })
  .meta({ id: 'ParkedMessage' });

export const parkedPage = pageOf(parkedMessage).meta({ id: 'ParkedMessages' });

/** How parked messages are listed: oldest first, by the ids of their parking. */
export const listParkedMessages = z.object(paging(z.tuple([z.string().min(1).max(500)])));

const parkedId = z.string().min(1).max(100);
const parkedIds = z.array(parkedId).min(1).max(1_000);

/** The messages to replay: the listed ones, or all that are parked at the place. */
export const replayBody = z
  .union([z.strictObject({ parked_ids: parkedIds }), z.strictObject({ all: z.literal(true) })])
  .meta({ id: 'ReplayParked' });

export const discardBody = z
  .strictObject({ parked_ids: parkedIds, reason: text(500).min(3) })
  .meta({ id: 'DiscardParked' });

const jobId = z.string().min(1).max(500);

/** The job to run at once. */
export const promoteJobBody = z.strictObject({ job_id: jobId }).meta({ id: 'PromoteJob' });

/** The failed job to retry, or all failed jobs of the queue. */
export const retryJobsBody = z
  .union([z.strictObject({ job_id: jobId }), z.strictObject({ all: z.literal(true) })])
  .meta({ id: 'RetryJobs' });

/** An action of an operator. */
export const operatorAction = z
  .object({
    id: z.uuid(),
    kind: z.enum(['replay', 'discard', 'retry-job', 'retry-failed-jobs', 'promote-job']),
    place: z
      .string()
      .describe('The service whose messages are parked, or `unroutable`; for actions on jobs the name of their queue.'),
    job_id: z.string().nullable().describe('The job of the action, if it is about one.'),
    operator: z.string().describe('The subject of their token.'),
    reason: z.string().nullable(),
    requested_at: z.iso.datetime({ offset: true }),
    done_at: z.iso
      .datetime({ offset: true })
      .nullable()
      .describe('Null while running, after a failure or after a crash.'),
    failure: z.string().nullable(),
    messages: z.int().min(0).describe('The number of affected messages.'),
    jobs: z.int().min(0).describe('The number of affected jobs.'),
  })
  .meta({ id: 'OperatorAction' });

export const operatorActionPage = pageOf(operatorAction).meta({ id: 'OperatorActions' });

/** How operators' actions are listed: newest first. */
export const listOperatorActions = z.object(paging(z.tuple([instant, id])));

const health = z.enum(['up', 'degraded', 'down']);

export const overview = z
  .object({
    at: z.iso.datetime({ offset: true }),
    status: z.enum(['ok', 'attention']),
    concerns: z.array(z.string()).describe('The concerns that an operator should look at, in sentences.'),
    services: z.array(
      z.object({ service: z.string(), url: z.string(), status: health, failing: z.record(z.string(), z.string()) }),
    ),
    servers: z.array(z.object({ server: z.string(), status: health, detail: z.string() })),
    outboxes: z.array(
      z.object({
        service: z.string(),
        depth: z.int().min(0).nullable().describe('Null when no relay works: only a working relay reads the outbox.'),
        age_seconds: z
          .number()
          .min(0)
          .nullable()
          .describe('The age of the oldest unpublished event; null when the depth is null.'),
        relays_working: z.int().min(0),
      }),
    ),
    consumers: z.array(
      z.object({
        service: z.string(),
        handled: z.int().min(0).describe('Events since the last overview.'),
        lag_p95_seconds: z
          .number()
          .nullable()
          .describe('From commit to the end of handling; null when none were handled.'),
        waiting: z.int().min(0).describe('Events that were received and wait to be handled.'),
      }),
    ),
    queues: z.array(z.object({ queue: z.string(), messages: z.int().min(0), consumers: z.int().min(0) })),
    parked: z.array(z.object({ place: z.string(), messages: z.int().min(0) })),
    quarantined: z
      .object({ notifications: z.int().min(0), oldest_seconds: z.number().min(0) })
      .nullable()
      .describe(
        'Quarantined notifications of providers that are neither settled nor dismissed; null when payments does not report.',
      ),
    jobs: z.array(
      z.object({
        queue: z.string(),
        waiting: z.int().min(0),
        active: z.int().min(0),
        delayed: z.int().min(0),
        failed: z.int().min(0),
      }),
    ),
  })
  .meta({ id: 'Overview' });
