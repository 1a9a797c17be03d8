import type { z } from 'zod';
import type { operatorAction, parkedMessage } from '#contracts/ops.js';
import type { ParkedMessage } from '#messaging/parking/dead-letters.js';
import type { Action } from '../actions/actions.store.js';

export function toParkedMessage(message: ParkedMessage): z.input<typeof parkedMessage> {
  return {
    parked_id: message.parkedId,
    message_id: message.messageId ?? null,
    type: message.type ?? null,
    subject: message.subject ?? null,
    reason: message.reason,
    detail: message.detail,
    parked_at: message.parkedAt ?? null,
    attempts: message.attempts,
    body: message.body,
  };
}

export function toOperatorAction(action: Action): z.input<typeof operatorAction> {
  return {
    id: action.id,
    kind: action.kind,
    place: action.place,
    job_id: action.jobId,
    operator: action.operator,
    reason: action.reason,
    requested_at: action.requestedAt.toString(),
    done_at: action.doneAt?.toString() ?? null,
    failure: action.failure,
    messages: action.messages,
    jobs: action.jobs,
  };
}
