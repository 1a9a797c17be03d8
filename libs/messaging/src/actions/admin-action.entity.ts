import { defineEntity, p } from '@mikro-orm/postgresql';
import { column } from '#persistence/entities/columns.js';
import { completedBySql } from '#persistence/entities/completed-by-sql.js';

/** What an admin or an operator did by a command, written with its effect and never changed. */
export const AdminActionEntity = completedBySql(
  defineEntity({
    name: 'AdminAction',
    tableName: 'admin_action',
    properties: {
      id: p.uuid().primary().defaultRaw('uuid_v7()'),
      commandId: p.text().unique(),
      kind: p.text(),
      subjects: column.texts(),
      author: p.text().comment('The subject of the token.'),
      role: p.text(),
      reason: p.text().nullable(),
      recordedAt: column.instant().defaultRaw('now()'),
    },
    indexes: [
      {
        name: 'admin_action_newest',
        columns: [
          { name: 'recorded_at', sort: 'desc' },
          { name: 'id', sort: 'desc' },
        ],
      },
      {
        name: 'admin_action_of_author',
        columns: [{ name: 'author' }, { name: 'recorded_at', sort: 'desc' }, { name: 'id', sort: 'desc' }],
      },
      {
        name: 'admin_action_of_kind',
        columns: [{ name: 'kind' }, { name: 'recorded_at', sort: 'desc' }, { name: 'id', sort: 'desc' }],
      },
    ],
  }),
  'create index admin_action_about on admin_action using gin (subjects)',
  'create trigger admin_action_guard before update or delete on admin_action for each row execute function admin_action_guard()',
  'create trigger admin_action_keep before truncate on admin_action for each statement execute function admin_action_guard()',
);
