import type { z } from 'zod';
import type { action, actionList } from '#contracts/actions.js';
import { cursorOf } from '#contracts/cursors.js';

type Action = z.output<typeof action>;
type ActionList = z.output<typeof actionList>;

/**
 * The newest actions of several services in one list, by time and then by id, both descending. Its cursor is one of
 * each service as well.
 *
 * @param lists each newest first, with `limit` items where a service has as many
 */
export function mergeActions(lists: readonly ActionList[], limit: number): ActionList {
  const totals = lists.flatMap(({ total }) => total ?? []);
  const merged = lists.flatMap(({ items }) => items).sort(newestFirst);
  const items = merged.slice(0, limit);
  const last = items.at(-1);
  const goesOn = merged.length > limit || lists.some((list) => list.next_cursor !== null);
  return {
    items,
    ...(totals.length === lists.length && { total: totals.reduce((sum, total) => sum + total, 0) }),
    limit,
    next_cursor: goesOn && last ? cursorOf([last.recorded_at, last.action_id]) : null,
  };
}

function newestFirst(left: Action, right: Action): number {
  const byTime = Temporal.Instant.compare(
    Temporal.Instant.from(right.recorded_at),
    Temporal.Instant.from(left.recorded_at),
  );
  return byTime !== 0 ? byTime : right.action_id < left.action_id ? -1 : 1;
}
