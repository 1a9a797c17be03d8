import type { Cause } from '#messaging/envelope.js';

/** What led to a movement: a message, or a provider's request, which has no id of ours. */
export type MovementCause = Omit<Cause, 'id'> & Partial<Pick<Cause, 'id'>>;

/** The causes of a set as the three arrays that `cause` rows are made of: traceparent, correlation id, causation id. */
export function causeColumns(items: readonly { readonly cause: MovementCause }[]): (string | null)[][] {
  return [
    items.map(({ cause }) => cause.traceparent ?? null),
    items.map(({ cause }) => cause.correlationId),
    items.map(({ cause }) => cause.id ?? null),
  ];
}
