import { Injectable } from '@nestjs/common';
import { newId } from '#kernel/ids.js';
import type { Tx } from '#persistence/transaction.js';

/** The order that a command is to open. One that is not new was drafted when the command came before. */
export interface Draft {
  readonly orderId: string;
  readonly isNew: boolean;
}

/**
 * Orders that are about to be opened with promo codes. A draft names the order before promotions holds uses for it, so
 * that a repeat of the command, after a crash too, meets its own hold. Taking the draft decides, exactly and without
 * looking at any clock, whether the order comes to be: whoever opens the order takes it in the same transaction, and
 * whoever forgoes the order takes it instead. Only one of them finds it.
 */
@Injectable()
export class OrderDraftsStore {
  /** By command. One that has been answered gets no draft. */
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
    const rows = await tx.query<{ command_id: string; order_id: string }>(
      `select command_id, order_id from order_drafts where command_id = any ($1::text[])`,
      [commandIds],
    );
    const fresh = new Set(made.map(({ order_id: orderId }) => orderId));
    return new Map(
      rows.map(({ command_id: commandId, order_id: orderId }) => [commandId, { orderId, isNew: fresh.has(orderId) }]),
    );
  }

  /**
   * Those of the drafts that were still there. When another transaction takes them at this moment, this waits for its
   * end.
   */
  async take(tx: Tx, orderIds: readonly string[]): Promise<ReadonlySet<string>> {
    const taken = await tx.query<{ order_id: string }>(
      `delete from order_drafts where order_id = any (array(
         select order_id from order_drafts where order_id = any ($1::uuid[]) order by order_id for update))
       returning order_id`,
      [orderIds],
    );
    return new Set(taken.map(({ order_id: orderId }) => orderId));
  }

  /** Forgoes what nobody came back for. */
  async prune(tx: Tx, before: Temporal.Instant): Promise<void> {
    await tx.query(
      `delete from order_drafts where command_id = any (array(
         select command_id from order_drafts where drafted_at < $1 for update skip locked))`,
      [before],
    );
  }
}
