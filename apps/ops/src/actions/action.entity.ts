import { defineEntity, p } from '@mikro-orm/postgresql';
import type { ParkingPlace } from '#messaging/parking/dead-letters.js';
import { column } from '#persistence/entities/columns.js';

export type ActionKind = 'replay' | 'discard';

/** An action of an operator on parked messages: never changed once done, never deleted. */
export const ActionEntity = defineEntity({
  name: 'Action',
  tableName: 'operator_actions',
  properties: {
    id: p.uuid().primary(),
    kind: column.oneOf<ActionKind>().check(`kind in ('replay', 'discard')`),
    place: column.oneOf<ParkingPlace>(),
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
