import { defineEntity, p } from '@mikro-orm/postgresql';
import { column } from '#persistence/entities/columns.js';
import { completedBySql } from '#persistence/entities/completed-by-sql.js';
import { AdminActionEntity } from './actions/admin-action.entity.js';

/**
 * Events that are committed and not yet published. SQL functions may insert into it directly, as their last statement:
 * `insert into outbox (type, subject, data, traceparent, correlation_id, causation_id) …`. They take their locks first,
 * so that ids grow in the order of the commits of one subject.
 */
export const OutboxEntity = completedBySql(
  defineEntity({
    name: 'Outbox',
    tableName: 'outbox',
    properties: {
      id: column.identity().primary(),
      messageId: p.uuid().defaultRaw('uuid_v7()'),
      type: p.text(),
      subject: p.text(),
      // Published as it was written: to parse and format it as `jsonb` costs more than the rest of its way.
      data: column.json<object>(),
      traceparent: p.text().nullable(),
      correlationId: p.text().nullable(),
      causationId: p.text().nullable(),
      author: p.text().nullable(),
      createdAt: column.instant().defaultRaw('clock_timestamp()'),
    },
  }),
  // Rows live for milliseconds: the table is vacuumed by their number, and without pauses.
  `alter table outbox set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000,
                           autovacuum_vacuum_cost_delay = 0)`,
  'create trigger outbox_wake after insert on outbox for each statement execute function outbox_wake()',
);

/** Which consumer has handled which message. */
export const InboxEntity = defineEntity({
  name: 'Inbox',
  tableName: 'inbox',
  properties: {
    // What differs comes first in the key: consumers are few, and each would cost a second comparison on the way down.
    messageId: p.uuid().primary(),
    consumer: p.text().primary(),
    receivedAt: column.instant().defaultRaw('now()').index('inbox_received_at'),
  },
});

/** The first answer to each command id, for ever. */
export const CommandEntity = defineEntity({
  name: 'Command',
  tableName: 'command',
  properties: {
    id: p.text().primary(),
    contentHash: column.bytes(),
    answer: column.json<object>().nullable(),
    recordedAt: column.instant().defaultRaw('now()'),
  },
});

/** The tables of this library, which a service with a database lists among its entities. */
export const messagingEntities = [OutboxEntity, InboxEntity, CommandEntity, AdminActionEntity];

/** Those of them that a service never rewrites, for its database's `appendOnly`. */
export const messagingAppendOnly = { admin_action: [] } as const;
