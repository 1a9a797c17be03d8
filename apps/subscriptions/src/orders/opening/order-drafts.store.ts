import { Injectable } from '@nestjs/common';
import { newId } from '#kernel/ids.js';
import type { Tx } from '#persistence/transaction.js';

/** The id of the order that a command is going to open. A draft that is not new is from an earlier attempt. */
export interface Draft {
  readonly orderId: string;
  readonly isNew: boolean;
}

/**
 * Drafts of orders with promo codes. A draft fixes the order id before promotions holds codes for it, so that a repeat
 * of the command, even after a crash, gets the same hold. Deleting the draft row decides whether the order will exist,
 * without any clock: opening the order deletes it, and voiding the draft deletes it. Only one of the two finds it.
 */
@Injectable()
export class OrderDraftsStore {
  /** Drafts by command id. A command that has a stored reply gets none. */
  async draft(tx: Tx, commandIds: readonly string[], now: Temporal.Instant): Promise<ReadonlyMap<string, Draft>> {
    const made = await tx.query<{ order_id: string }>(
      `insert into order_drafts (command_id, order_id, drafted_at)
       select command_id, order_id, $3
       from unnest($1::text[], $2::uuid[]) as new (command_id, order_id)
       where not exists (select from command where command.id = command_id)
       order by command_id
       on conflict (command_id) do nothing
       returning order_id`,
      [commandIds, commandIds.map(() => newId()), now],
    );
    // The insert may have waited for a transaction that stored the reply and deleted the draft; then it is not needed.
    const rows = await tx.query<{ command_id: string; order_id: string }>(
      `with answered as (
         delete from order_drafts using command where command_id = command.id and command_id = any ($1::text[])
         returning command_id
       )
       select command_id, order_id from order_drafts
       where command_id = any ($1::text[]) and command_id not in (select command_id from answered)`,
      [commandIds],
    );
    const fresh = new Set(made.map(({ order_id: orderId }) => orderId));
    return new Map(rows.map((row) => [row.command_id, { orderId: row.order_id, isNew: fresh.has(row.order_id) }]));
  }

  /** Deletes the drafts of these orders and returns the ids it found. Waits for a transaction that takes them too. */
  async take(tx: Tx, orderIds: readonly string[]): Promise<ReadonlySet<string>> {
    const taken = await tx.query<{ order_id: string }>(
      `delete from order_drafts where order_id = any (array(
         select order_id from order_drafts where order_id = any ($1::uuid[]) order by order_id for update))
       returning order_id`,
      [orderIds],
    );
    return new Set(taken.map(({ order_id: orderId }) => orderId));
  }

  /** Voids drafts whose commands are not repeated any more. */
  async prune(tx: Tx, before: Temporal.Instant): Promise<void> {
    await tx.query(
      `delete from order_drafts where command_id = any (array(
         select command_id from order_drafts where drafted_at < $1 for update skip locked))`,
      [before],
    );
  }
}
