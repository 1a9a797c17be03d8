import { Injectable } from '@nestjs/common';
import { assert } from '#kernel/assert.js';
import { contentHash } from '#kernel/ids.js';
import { Refusal, type RefusalDetails } from '#kernel/refusal.js';
import { zip } from '#kernel/zip.js';
import { textArray } from '#persistence/driver/array-parameter.js';
import type { Tx } from '#persistence/transaction.js';
import { ActionLog } from '../actions/action-log.js';
import type { Command, Reply } from '../envelope.js';

type StoredAnswer = { answer: unknown } | { refusal: { code: string; message: string; details: RefusalDetails } };

interface Row {
  id: string;
  content_hash: Buffer;
  answer: StoredAnswer | null;
  recorded_at: Temporal.Instant;
}

/**
 * Stores the reply to each command, together with its effect. A repeat of a command id receives the stored reply, a
 * refusal too, for ever: a client that lost the reply sends the command again. Such a reply says when the
 * first one was given, so that it can be distinguished from a new decision.
 *
 * What admins and operators do goes into the record of actions, in the same transaction.
 */
@Injectable()
export class CommandLog {
  constructor(private readonly actions: ActionLog) {}

  /**
   * The replies to a batch of commands, in order. `decide` receives the new commands and returns one reply each, in
   * order; it is not called when there are none. A repeat receives the stored reply; a command id with other content is
   * refused with IDEMPOTENCY_KEY_REUSED. When another instance decides the same command at this moment, this waits for
   * the end of its transaction.
   *
   * The reply to a command that is not `isFinal` is not stored, only its content hash: a repeat is decided again. That
   * is for senders that repeat a command until it succeeds, and for effects with ids of their own.
   */
  async answer<Data, Answer>(
    tx: Tx,
    commands: readonly Command<Data>[],
    decide: (fresh: Command<Data>[]) => Promise<readonly Reply<Answer>[]>,
    isFinal: (command: Command<Data>) => boolean = () => true,
  ): Promise<Reply<Answer>[]> {
    const hashes = commands.map(({ type, data }) => contentHash([type, data]));
    const hashed = zip(commands, hashes);
    const firsts = new Map<string, Command<Data>>();
    const firstHashes = new Map<string, Buffer>();
    for (const [command, hash] of hashed) {
      if (firsts.has(command.id)) continue;
      firsts.set(command.id, command);
      firstHashes.set(command.id, hash);
    }
    const fresh = await this.admit(tx, firstHashes);
    const stored = await this.stored(
      tx,
      [...firsts.keys()].filter((id) => !fresh.has(id)),
    );
    // Commands whose reply was not stored are decided again if their content hash matches the first one.
    const due = new Map([...firsts].filter(([id]) => fresh.has(id)));
    for (const [command, hash] of hashed) {
      const row = stored.get(command.id);
      const isAgain = row?.answer === null && row.content_hash.equals(hash);
      if (isAgain && !due.has(command.id)) due.set(command.id, command);
    }
    const decided = await this.decide(tx, [...due.values()], decide, isFinal);
    return hashed.map(([command, hash]) => {
      const row = stored.get(command.id);
      const firstHash = row?.content_hash ?? firstHashes.get(command.id);
      if (!firstHash?.equals(hash)) return { refusal: reused(command.id) };
      const reply = decided.get(command.id);
      if (reply) return due.get(command.id) === command ? reply : { ...reply, firstAnsweredAt: fresh.get(command.id) };
      assert(row, `command ${command.id} has a reply`);
      return { ...replyOf<Answer>(row), firstAnsweredAt: row.recorded_at };
    });
  }

  /** The ids that were not received before, with the time of now. */
  private async admit(tx: Tx, hashes: ReadonlyMap<string, Buffer>): Promise<Map<string, Temporal.Instant>> {
    const ids = [...hashes.keys()].sort();
    const admitted = await tx.query<Pick<Row, 'id' | 'recorded_at'>>(
      `insert into command (id, content_hash)
       select id, decode(hash, 'hex') from unnest($1::text[], $2::text[]) as new (id, hash) order by id
       on conflict do nothing
       returning id, recorded_at`,
      [ids, ids.map((id) => hashes.get(id)?.toString('hex'))],
    );
    return new Map(admitted.map(({ id, recorded_at }) => [id, recorded_at]));
  }

  private async stored(tx: Tx, ids: readonly string[]): Promise<Map<string, Row>> {
    if (ids.length === 0) return new Map();
    const rows = await tx.query<Row>(
      `select id, content_hash, answer, recorded_at from command where id = any ($1::text[])`,
      [ids],
    );
    return new Map(rows.map((row) => [row.id, row]));
  }

  private async decide<Data, Answer>(
    tx: Tx,
    fresh: Command<Data>[],
    decide: (fresh: Command<Data>[]) => Promise<readonly Reply<Answer>[]>,
    isFinal: (command: Command<Data>) => boolean,
  ): Promise<Map<string, Reply<Answer>>> {
    if (fresh.length === 0) return new Map();
    const replies = await decide(fresh);
    const decided = zip(fresh, replies);
    const final = decided.filter(([command]) => isFinal(command));
    await this.store(
      tx,
      final.map(([{ id }, reply]) => [id, reply]),
    );
    await this.actions.record(
      tx,
      decided.flatMap(([command, reply]) => ('answer' in reply ? [{ command, answer: reply.answer }] : [])),
    );
    return new Map(decided.map(([{ id }, reply]) => [id, reply]));
  }

  private async store(tx: Tx, replies: readonly (readonly [id: string, reply: Reply<unknown>])[]): Promise<void> {
    if (replies.length === 0) return;
    await tx.query(
      // The list of ids makes Postgres use the index, however small the table was when this was planned.
      `update command set answer = new.answer::json
       from unnest($1::text[], $2::text[]) as new (id, answer) where command.id = any ($1) and command.id = new.id`,
      [replies.map(([id]) => id), textArray(replies.map(([, reply]) => JSON.stringify(storedOf(reply))))],
    );
  }
}

function reused(commandId: string): Refusal {
  return new Refusal('IDEMPOTENCY_KEY_REUSED', 'This key was used before, with another request.', {
    command_id: commandId,
  });
}

function storedOf(reply: Reply<unknown>): StoredAnswer {
  if ('answer' in reply) return { answer: reply.answer ?? null };
  const { code, message, details } = reply.refusal;
  return { refusal: { code, message, details } };
}

function replyOf<Answer>({ id, answer: stored }: Row): Reply<Answer> {
  assert(stored, `command ${id} was stored with its reply`);
  if ('answer' in stored) return { answer: stored.answer as Answer };
  return { refusal: new Refusal(stored.refusal.code, stored.refusal.message, stored.refusal.details) };
}
