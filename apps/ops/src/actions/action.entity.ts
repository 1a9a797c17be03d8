import { defineEntity, p } from '@mikro-orm/postgresql';
import { column } from '#persistence/entities/columns.js';

const kinds = ['replay', 'discard', 'retry-job', 'retry-failed-jobs', 'promote-job'] as const;
export type ActionKind = (typeof kinds)[number];

/** An action of an operator on parked messages or on jobs: never changed once done, never deleted. */
export const ActionEntity = defineEntity({
  name: 'Action',
  tableName: 'operator_actions',
  properties: {
    id: p.uuid().primary(),
    kind: column.oneOf<ActionKind>().check(`kind in (${kinds.map((kind) => `'${kind}'`).join(', ')})`),
    /** Where the parked messages are, or the name of the queue of the jobs. */
    place: p.text(),
    /** The one job of the action, if it is about one. */
    jobId: p.text().nullable(),
    jobs: p.integer().default(0),
    operator: p.text(),
    reason: p.text().nullable(),
    requestedAt: column.instant(),
    doneAt: column.instant().nullable(),
    failure: p.text().nullable(),
  },
  checks: [
    { name: 'operator_actions_discard_has_reason', expression: `kind <> 'discard' or reason is not null` },
    { name: 'operator_actions_done_or_failed', expression: 'done_at is null or failure is null' },
  ],
  indexes: [
    {
      name: 'operator_actions_newest',
      columns: [
        { name: 'requested_at', sort: 'desc' },
        { name: 'id', sort: 'desc' },
      ],
    },
  ],
});

/** A copy of each parked message that an action was about. */
export const ActionMessageEntity = defineEntity({
  name: 'ActionMessage',
  tableName: 'operator_action_messages',
  properties: {
    actionId: p.manyToOne(ActionEntity).mapToPk().fieldName('action_id').primary(),
    parkedId: p.text().primary(),
    messageId: p.text().nullable(),
    type: p.text().nullable(),
    subject: p.text().nullable(),
    parkReason: p.text(),
    detail: p.text(),
    parkedAt: p.text().nullable(),
    attempts: p.integer(),
    body: column.bytes(),
  },
});
