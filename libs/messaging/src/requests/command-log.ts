import { Injectable } from '@nestjs/common';
import { assert } from '#kernel/assert.js';
import { contentHash } from '#kernel/ids.js';
import { Refusal, type RefusalDetails } from '#kernel/refusal.js';
import { textArray } from '#persistence/array-parameter.js';
import type { Tx } from '#persistence/transaction.js';
import type { Command, Reply } from '../envelope.js';

type StoredAnswer = { answer: unknown } | { refusal: { code: string; message: string; details: RefusalDetails } };

interface Row {
  id: string;
  content_hash: Buffer;
  answer: StoredAnswer | null;
}

/**
 * The first answer to a command is the answer to its repeats, for ever, a refusal too. The answer commits together
 * with the effect: a client that lost the answer asks again with the same command id and gets it.
 */
@Injectable()
export class CommandLog {
  /**
   * Answers a batch of commands, in order. `decide` gets those never seen before and gives one answer each, in order;
   * it is not called when there are none. A repeat gets the stored answer; a command id that comes back with other
   * content is refused with IDEMPOTENCY_KEY_REUSED. When another instance decides the same command at this moment,
   * this waits for its end.
   *
   * The answer to a command that `isFinal` says no to is not kept: its id stands for its content, and a repeat is
   * decided anew. That is for senders who repeat it until it succeeds, of effects that have ids of their own.
   */
  async answer<Data, Answer>(
    tx: Tx,
    commands: readonly Command<Data>[],
    decide: (fresh: Command<Data>[]) => Promise<readonly Reply<Answer>[]>,
    isFinal: (command: Command<Data>) => boolean = () => true,
  ): Promise<Reply<Answer>[]> {
    const hashes = commands.map(({ type, data }) => contentHash([type, data]));
    const firsts = new Map<string, Command<Data>>();
    const firstHashes = new Map<string, Buffer>();
    commands.forEach((command, index) => {
      if (firsts.has(command.id)) return;
      firsts.set(command.id, command);
      firstHashes.set(command.id, hashes[index] as Buffer);
    });
    const fresh = await this.admit(tx, firstHashes);
    const known = await this.known(
      tx,
      [...firsts.keys()].filter((id) => !fresh.has(id)),
    );
    // Of those whose answer was not kept, whichever says what the first one said.
    const due = new Map([...firsts].filter(([id]) => fresh.has(id)));
    commands.forEach((command, index) => {
      const row = known.get(command.id);
      const isAgain = row?.answer === null && row.content_hash.equals(hashes[index] as Buffer);
      if (isAgain && !due.has(command.id)) due.set(command.id, command);
    });
    const decided = await this.decide(tx, [...due.values()], decide, isFinal);
    return commands.map((command, index) => {
      const row = known.get(command.id);
      const firstHash = row?.content_hash ?? firstHashes.get(command.id);
      if (!firstHash?.equals(hashes[index] as Buffer)) return { refusal: reused(command.id) };
      const reply = decided.get(command.id) ?? (row && replyOf<Answer>(row));
      assert(reply, `command ${command.id} has an answer`);
      return reply;
    });
  }

  private async admit(tx: Tx, hashes: ReadonlyMap<string, Buffer>): Promise<Set<string>> {
    const ids = [...hashes.keys()].sort();
    const admitted = await tx.query<{ id: string }>(
      `insert into command (id, content_hash)
       select id, decode(hash, 'hex') from unnest($1::text[], $2::text[]) as new (id, hash) order by id
       on conflict do nothing
       returning id`,
      [ids, ids.map((id) => hashes.get(id)?.toString('hex'))],
    );
    return new Set(admitted.map(({ id }) => id));
  }

  private async known(tx: Tx, ids: readonly string[]): Promise<Map<string, Row>> {
    if (ids.length === 0) return new Map();
    const rows = await tx.query<Row>(`select id, content_hash, answer from command where id = any ($1::text[])`, [ids]);
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
    assert(replies.length === fresh.length, 'each command gets one answer');
    const decided = new Map(fresh.map(({ id }, index) => [id, replies[index] as Reply<Answer>]));
    await this.keep(
      tx,
      fresh.filter(isFinal).map(({ id }) => [id, decided.get(id) as Reply<Answer>]),
    );
    return decided;
  }

  private async keep(tx: Tx, answers: readonly (readonly [id: string, reply: Reply<unknown>])[]): Promise<void> {
    if (answers.length === 0) return;
    await tx.query(
      // By a list of ids it goes through the index, however small the table was when this was planned.
      `update command set answer = new.answer::json
       from unnest($1::text[], $2::text[]) as new (id, answer) where command.id = any ($1) and command.id = new.id`,
      [answers.map(([id]) => id), textArray(answers.map(([, reply]) => JSON.stringify(storedOf(reply))))],
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
  assert(stored, `command ${id} was recorded with its answer`);
  if ('answer' in stored) return { answer: stored.answer as Answer };
  return { refusal: new Refusal(stored.refusal.code, stored.refusal.message, stored.refusal.details) };
}
