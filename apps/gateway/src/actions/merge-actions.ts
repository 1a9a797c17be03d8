import type { z } from 'zod';
import type { action, actionList } from '#contracts/actions.js';
import { id, instant } from '#contracts/wire.js';
import { InvalidInput } from '#http/problem.js';

type Action = z.output<typeof action>;

/** The place after an action in the list of all services. */
export interface ActionsPlace {
  readonly recorded_at: string;
  readonly action_id: string;
}

/**
 * The newest actions of several services in one list, by time and then by id, both descending.
 *
 * @param lists each newest first, with one more than `limit` where a service has more
 */
export function mergeActions(lists: readonly (readonly Action[])[], limit: number): z.input<typeof actionList> {
  const merged = lists.flat().sort(newestFirst);
  const items = merged.slice(0, limit);
  const last = items.at(-1);
  return { items, next_cursor: merged.length > limit && last ? cursorAfter(last) : null };
}

/**
 * The place that a cursor names.
 * @throws InvalidInput when it is no cursor of this list
 */
export function placeOf(cursor: string): ActionsPlace {
  const [recordedAt, actionId, ...others] = Buffer.from(cursor, 'base64url').toString().split(' ');
  const [time, name] = [instant.safeParse(recordedAt), id.safeParse(actionId)];
  if (time.success && name.success && others.length === 0) return { recorded_at: time.data, action_id: name.data };
  throw new InvalidInput([{ field: 'after', code: 'INVALID', message: 'This is no cursor of this list.' }]);
}

function cursorAfter({ recorded_at, action_id }: ActionsPlace): string {
  return Buffer.from(`${recorded_at} ${action_id}`).toString('base64url');
}

function newestFirst(left: Action, right: Action): number {
  const byTime = Temporal.Instant.compare(
    Temporal.Instant.from(right.recorded_at),
    Temporal.Instant.from(left.recorded_at),
  );
  return byTime !== 0 ? byTime : right.action_id < left.action_id ? -1 : 1;
}
