import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { listPaymentsActions } from '#contracts/actions.js';
import type { RequestOf, ResponseOf } from '#contracts/contract.js';
import { mapPage, pageOf } from '#persistence/paging.js';
import type { Tx, Typed } from '#persistence/transaction.js';
import type { Command } from '../envelope.js';
import { MessagingOptions } from '../messaging.options.js';
import { AdminActionEntity } from './admin-action.entity.js';

type Filter = RequestOf<typeof listPaymentsActions>;
type ActionList = ResponseOf<typeof listPaymentsActions>;
type Action = ActionList['items'][number];

/** A command that was answered, and not refused. */
export interface Answered {
  readonly command: Command;
  readonly answer: unknown;
}

/** Members act on their own data: what they do is no action of an admin. */
const unrecorded = new Set(['member']);

/**
 * The record of what admins and operators did: who gave which command, about what, why and when. Written in the
 * transaction of the effect, by the log of commands, and never changed.
 */
@Injectable()
export class ActionLog {
  private readonly subjects: ReadonlyMap<string, string | undefined>;

  constructor(private readonly options: MessagingOptions) {
    this.subjects = new Map(options.catalogue.requests.map(({ type, subject }) => [type, subject]));
  }

  /** Records those of these commands that have an author who is no member: one statement, or none. */
  async record(tx: Tx, commands: readonly Answered[]): Promise<void> {
    const actions = commands.flatMap(({ command, answer }) => {
      const { id, type, author, data } = command;
      if (author === undefined || unrecorded.has(author.role)) return [];
      const path = this.subjects.get(type)?.split('.') ?? [];
      const named = valuesAt(data, path);
      return [
        {
          command_id: id,
          kind: type.split('.')[1] ?? type,
          subjects: named.length > 0 ? named : valuesAt(answer, path),
          author: author.subject,
          role: author.role,
          reason: valuesAt(data, ['reason'])[0] ?? valuesAt(data, ['note'])[0] ?? null,
        },
      ];
    });
    if (actions.length === 0) return;
    await tx.query(
      // A command whose reply is not stored may be decided twice.
      `insert into admin_action (command_id, kind, subjects, author, role, reason)
       select command_id, kind, subjects, author, role, reason
       from json_to_recordset($1) a (
         command_id text, kind text, subjects text[], author text, role text, reason text)
       on conflict (command_id) do nothing`,
      [JSON.stringify(actions)],
    );
  }

  /** The recorded actions, newest first. */
  async list(source: Typed, { author, kind, subject, from, to, ...paging }: Filter): Promise<ActionList> {
    let matching = source.kysely(AdminActionEntity).selectFrom('admin_action');
    if (author !== undefined) matching = matching.where('author', '=', author);
    if (kind !== undefined) matching = matching.where('kind', '=', kind);
    if (subject !== undefined) matching = matching.where(sql<boolean>`subjects @> array[${subject}]::text[]`);
    if (from !== undefined) matching = matching.where('recordedAt', '>=', Temporal.Instant.from(from));
    if (to !== undefined) matching = matching.where('recordedAt', '<', Temporal.Instant.from(to));
    const order = { by: ['recordedAt', 'id'], direction: 'desc' } as const;
    const page = await pageOf({ matching, selected: matching.selectAll(), order }, paging);
    return mapPage(page, (row) => ({
      action_id: row.id,
      service: this.options.service as Action['service'],
      kind: row.kind,
      subjects: [...row.subjects],
      author: { subject: row.author, role: row.role },
      reason: row.reason,
      recorded_at: row.recordedAt.toString(),
    }));
  }
}

/** The texts at a path through members; of a list, those of each item. */
function valuesAt(value: unknown, path: readonly string[]): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, path));
  const [member, ...rest] = path;
  if (member === undefined) return typeof value === 'string' ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return valuesAt((value as Record<string, unknown>)[member], rest);
}
