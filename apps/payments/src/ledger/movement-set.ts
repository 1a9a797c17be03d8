import { formatAuthor } from '#messaging/author.js';
import { CompositeSet } from '#persistence/composite-set.js';
import type { MovementCause } from './cause.js';

/**
 * Items with what led to them, as a set of the composite type `type`: the SQL type `cause` has the id of the
 * message.
 */
export function movementSet(type: string, items: readonly { readonly cause: MovementCause }[]): CompositeSet {
  return new CompositeSet(
    type,
    items.map(({ cause: { traceparent, correlationId, id, author }, ...item }) => ({
      ...item,
      cause: { traceparent, correlationId, causationId: id, author: author && formatAuthor(author) },
    })),
  );
}
