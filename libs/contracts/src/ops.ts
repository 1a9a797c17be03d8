import { z } from 'zod';
import { freeText, pageOf } from './wire.js';

/** What the operators' service says over HTTP. It listens to no message and asks nothing of the others by message. */

/** A message that its consumer could not handle. */
export const parkedMessage = z
  .object({
    parked_id: z.string().describe('Names this parking; a message that is parked again has another.'),
    message_id: z.string().nullable(),
    type: z.string().nullable(),
    subject: z.string().nullable(),
    reason: z.string().describe('Stable, such as `bug` or `retries-exhausted`.'),
    detail: z.string().describe('What the handler threw.'),
    parked_at: z.string().nullable(),
    attempts: z.int().min(0),
    body: z.string(),
  })
  .meta({ id: 'ParkedMessage' });

export const parkedPage = pageOf(parkedMessage).meta({ id: 'ParkedMessages' });

const parkedId = z.string().min(1).max(100);
const parkedIds = z.array(parkedId).min(1).max(1_000);

/** Which messages go back to their queue: those named, or all that wait there. */
export const replayBody = z
  .union([z.strictObject({ parked_ids: parkedIds }), z.strictObject({ all: z.literal(true) })])
  .meta({ id: 'ReplayParked' });

export const discardBody = z
  .strictObject({ parked_ids: parkedIds, reason: freeText(500).trim().min(3) })
  .meta({ id: 'DiscardParked' });

/** What an operator did. */
export const operatorAction = z
  .object({
    id: z.uuid(),
    kind: z.enum(['replay', 'discard']),
    place: z.string().describe('Whose parked messages.'),
    operator: z.string().describe('The subject of their token.'),
    reason: z.string().nullable(),
    asked_at: z.iso.datetime({ offset: true }),
    done_at: z.iso.datetime({ offset: true }).nullable().describe('Null: under way, failed, or cut off by a crash.'),
    failure: z.string().nullable(),
    messages: z.int().min(0).describe('How many messages it was about.'),
  })
  .meta({ id: 'OperatorAction' });

export const operatorActionPage = pageOf(operatorAction).meta({ id: 'OperatorActions' });

const health = z.enum(['up', 'degraded', 'down']);

export const overview = z
  .object({
    at: z.iso.datetime({ offset: true }),
    status: z.enum(['ok', 'attention']),
    concerns: z.array(z.string()).describe('What an operator should look at, in sentences.'),
    services: z.array(
      z.object({ service: z.string(), url: z.string(), status: health, failing: z.record(z.string(), z.string()) }),
    ),
    servers: z.array(z.object({ server: z.string(), status: health, detail: z.string() })),
    outboxes: z.array(
      z.object({
        service: z.string(),
        depth: z.int().min(0).nullable().describe('Null when no relay works: nobody else looks.'),
        age_seconds: z
          .number()
          .min(0)
          .nullable()
          .describe('Of the oldest event that is not yet told: how far the relay is behind. Null as the depth is.'),
        relays_working: z.int().min(0),
      }),
    ),
    consumers: z.array(
      z.object({
        service: z.string(),
        handled: z.int().min(0).describe('Events since the last look.'),
        lag_p95_seconds: z
          .number()
          .nullable()
          .describe('From commit to the end of handling; null when none were handled.'),
        waiting: z.int().min(0).describe('Events that arrived and wait for their turn.'),
      }),
    ),
    queues: z.array(z.object({ queue: z.string(), messages: z.int().min(0), consumers: z.int().min(0) })),
    parked: z.array(z.object({ place: z.string(), messages: z.int().min(0) })),
    quarantined: z
      .object({ notifications: z.int().min(0), oldest_seconds: z.number().min(0) })
      .nullable()
      .describe('Notifications of providers that were not applied and not dismissed; null when payments does not say.'),
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
