import { Injectable } from '@nestjs/common';
import type { ParkedMessage, ParkingPlace } from '#messaging/parking/dead-letters.js';
import { offsetOf, type Page, type Paging, pageOf } from '#persistence/paging.js';
import { Transactions, type Tx } from '#persistence/transaction.js';

type ActionKind = 'replay' | 'discard';

export interface NewAction {
  readonly id: string;
  readonly kind: ActionKind;
  readonly place: ParkingPlace;
  readonly operator: string;
  readonly reason: string | null;
  readonly askedAt: Temporal.Instant;
}

export interface Action extends NewAction {
  readonly doneAt: Temporal.Instant | null;
  readonly failure: string | null;
  readonly messages: number;
}

/** What operators did to parked messages, and to which: begun before it is done, and finished after. */
@Injectable()
export class ActionsStore {
  constructor(private readonly transactions: Transactions) {}

  /** What is about to be done, and to which messages as far as they are known beforehand. */
  async begin(action: NewAction, messages: readonly ParkedMessage[]): Promise<void> {
    await this.transactions.run(async (tx) => {
      await tx.query(
        `insert into operator_actions (id, kind, place, operator, reason, asked_at) values ($1, $2, $3, $4, $5, $6)`,
        [action.id, action.kind, action.place, action.operator, action.reason, action.askedAt],
      );
      await addMessages(tx, action.id, messages);
    });
  }

  /** It is done, and these are the messages that it was done to. */
  async finish(id: string, doneAt: Temporal.Instant, messages: readonly ParkedMessage[]): Promise<void> {
    await this.transactions.run(async (tx) => {
      await addMessages(tx, id, messages);
      await tx.query('update operator_actions set done_at = $2 where id = $1', [id, doneAt]);
    });
  }

  /** It failed, for all but these messages. */
  async fail(id: string, failure: string, messages: readonly ParkedMessage[] = []): Promise<void> {
    await this.transactions.run(async (tx) => {
      await addMessages(tx, id, messages);
      await tx.query('update operator_actions set failure = $2 where id = $1', [id, failure]);
    });
  }

  /** Newest first. */
  async page(paging: Paging): Promise<Page<Action>> {
    const rows = await this.transactions.query<Action & { total: number }>(
      `select id, kind, place, operator, reason, asked_at as "askedAt", done_at as "doneAt", failure,
              (select count(*)::int from operator_action_messages where action_id = id) as messages,
              count(*) over ()::int as total
       from operator_actions order by asked_at desc, id desc offset $1 limit $2`,
      [offsetOf(paging), paging.limit],
    );
    return pageOf(rows, rows[0] ?? (await this.count()), paging);
  }

  /** The messages that an action was about. */
  messagesOf(actionId: string): Promise<ParkedMessage[]> {
    return this.transactions
      .query<Omit<ParkedMessage, 'body'> & { body: Buffer }>(
        `select parked_id as "parkedId", message_id as "messageId", type, subject, park_reason as reason, detail,
                parked_at as "parkedAt", attempts, body
         from operator_action_messages where action_id = $1 order by parked_at, parked_id`,
        [actionId],
      )
      .then((rows) => rows.map((row) => ({ ...row, body: row.body.toString('utf8') })));
  }

  private async count(): Promise<{ total: number } | undefined> {
    const [row] = await this.transactions.query<{ total: number }>(
      'select count(*)::int as total from operator_actions',
    );
    return row;
  }
}

/**
 * The texts come from messages that may hold anything; a text column takes everything but U+0000, so a body is kept as
 * bytes.
 */
async function addMessages(tx: Tx, actionId: string, messages: readonly ParkedMessage[]): Promise<void> {
  if (messages.length === 0) return;
  const column = (pick: (message: ParkedMessage) => string | undefined) =>
    messages.map((message) => pick(message)?.replaceAll('\0', '\u{fffd}') ?? null);
  await tx.query(
    `insert into operator_action_messages
       (action_id, parked_id, message_id, type, subject, park_reason, detail, parked_at, attempts, body)
     select $1, parked_id, message_id, type, subject, park_reason, detail, parked_at, attempts, decode(body, 'base64')
     from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::int[], $10::text[])
       as message (parked_id, message_id, type, subject, park_reason, detail, parked_at, attempts, body)
     on conflict do nothing`,
    [
      actionId,
      column(({ parkedId }) => parkedId),
      column(({ messageId }) => messageId),
      column(({ type }) => type),
      column(({ subject }) => subject),
      column(({ reason }) => reason),
      column(({ detail }) => detail),
      column(({ parkedAt }) => parkedAt),
      messages.map(({ attempts }) => attempts),
      messages.map(({ body }) => Buffer.from(body, 'utf8').toString('base64')),
    ],
  );
}
