import { Injectable } from '@nestjs/common';
import type { ParkedMessage } from '#messaging/parking/dead-letters.js';
import { mapPage, type Page, type Paging, pageOf } from '#persistence/paging.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { ActionEntity, type ActionKind, ActionMessageEntity } from './action.entity.js';

export interface NewAction {
  readonly id: string;
  readonly kind: ActionKind;
  /** Where the parked messages are, or the name of the queue of the jobs. */
  readonly place: string;
  readonly jobId: string | null;
  readonly operator: string;
  readonly reason: string | null;
  readonly requestedAt: Temporal.Instant;
}

export interface Action extends NewAction {
  readonly doneAt: Temporal.Instant | null;
  readonly failure: string | null;
  readonly messages: number;
  /** The number of jobs that the action was done to. */
  readonly jobs: number;
}

/**
 * The record of operators' actions on parked messages and on jobs. An action is begun before it is done, and finished
 * after.
 */
@Injectable()
export class ActionsStore {
  constructor(private readonly transactions: Transactions) {}

  /** Stores an action before it is done, with its messages as far as they are known beforehand. */
  async begin(action: NewAction, messages: readonly ParkedMessage[]): Promise<void> {
    await this.transactions.run(async (tx) => {
      await tx
        .kysely(ActionEntity)
        .insertInto('operator_actions')
        .values({ ...action, jobId: storable(action.jobId), place: storable(action.place) })
        .execute();
      await addMessages(tx, action.id, messages);
    });
  }

  /** Stores when an action was done, and to which messages or to how many jobs. */
  async finish(id: string, doneAt: Temporal.Instant, messages: readonly ParkedMessage[], jobs = 0): Promise<void> {
    await this.end(id, { doneAt, jobs }, messages);
  }

  /** Stores why an action failed, for all but these messages. */
  async fail(id: string, failure: string, messages: readonly ParkedMessage[] = []): Promise<void> {
    await this.end(id, { failure: storable(failure) }, messages);
  }

  private async end(
    id: string,
    outcome: { doneAt: Temporal.Instant; jobs: number } | { failure: string },
    messages: readonly ParkedMessage[],
  ): Promise<void> {
    await this.transactions.run(async (tx) => {
      await addMessages(tx, id, messages);
      await tx.kysely(ActionEntity).updateTable('operator_actions').set(outcome).where('id', '=', id).execute();
    });
  }

  /** A page of the actions, newest first. */
  async page(paging: Paging): Promise<Page<Action>> {
    const matching = this.transactions.kysely(ActionEntity, ActionMessageEntity).selectFrom('operator_actions');
    const selected = matching.selectAll().select((action) =>
      action
        .selectFrom('operator_action_messages')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .whereRef('actionId', '=', 'operator_actions.id')
        .as('messages'),
    );
    const order = { by: ['requestedAt', 'id'], direction: 'desc' } as const;
    return mapPage(await pageOf({ matching, selected, order }, paging), (row) => ({
      ...row,
      messages: row.messages ?? 0,
    }));
  }

  /** The messages that an action was about. */
  async messagesOf(actionId: string): Promise<ParkedMessage[]> {
    const rows = await this.transactions
      .kysely(ActionMessageEntity)
      .selectFrom('operator_action_messages')
      .selectAll()
      .where('actionId', '=', actionId)
      .orderBy('parkedAt')
      .orderBy('parkedId')
      .execute();
    return rows.map((row) => ({
      parkedId: row.parkedId,
      messageId: row.messageId ?? undefined,
      type: row.type ?? undefined,
      subject: row.subject ?? undefined,
      reason: row.parkReason,
      detail: row.detail,
      parkedAt: row.parkedAt ?? undefined,
      attempts: row.attempts,
      body: row.body.toString('utf8'),
    }));
  }
}

/**
 * The texts come from messages with any content. A text column stores every character but U+0000, so a body is stored
 * as bytes.
 */
async function addMessages(tx: Tx, actionId: string, messages: readonly ParkedMessage[]): Promise<void> {
  if (messages.length === 0) return;
  const rows = messages.map((message) => ({
    actionId,
    parkedId: storable(message.parkedId),
    messageId: storable(message.messageId),
    type: storable(message.type),
    subject: storable(message.subject),
    parkReason: storable(message.reason),
    detail: storable(message.detail),
    parkedAt: storable(message.parkedAt),
    attempts: message.attempts,
    body: Buffer.from(message.body, 'utf8'),
  }));
  await tx
    .kysely(ActionMessageEntity)
    .insertInto('operator_action_messages')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

function storable<Text extends string | null | undefined>(text: Text): Text {
  return text?.replaceAll('\0', '\u{fffd}') as Text;
}
