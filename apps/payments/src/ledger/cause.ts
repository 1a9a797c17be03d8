import type { Cause } from '#messaging/envelope.js';
import { textArray } from '#persistence/array-parameter.js';

/** What led to a movement: a message, or a provider's request, which has no id of ours. */
export type MovementCause = Omit<Cause, 'id'> & Partial<Pick<Cause, 'id'>>;

/** The causes of a set as the parameters that `cause` rows are made of: traceparent, correlation id, causation id. */
export function causeColumns(items: readonly { readonly cause: MovementCause }[]): Buffer[] {
  return [
    textArray(items.map(({ cause }) => cause.traceparent ?? null)),
    textArray(items.map(({ cause }) => cause.correlationId)),
    textArray(items.map(({ cause }) => cause.id ?? null)),
  ];
}
