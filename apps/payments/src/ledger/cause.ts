import type { Cause } from '#messaging/envelope.js';

/** What led to a movement: a message, or a provider's request, which has no id of ours. */
export type MovementCause = Omit<Cause, 'id'> & Partial<Pick<Cause, 'id'>>;
