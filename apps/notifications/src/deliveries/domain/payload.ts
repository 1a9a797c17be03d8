/** What of an event is in the body of a webhook. */
export interface PayloadEvent {
  readonly eventId: string;
  readonly type: string;
  readonly subject: string;
  readonly occurredAt: Temporal.Instant;
  /** JSON text. */
  readonly data: string;
}

/** The body of a webhook. Each attempt has the same bytes. */
export function payloadOf({ eventId, type, subject, occurredAt, data }: PayloadEvent): string {
  const envelope = JSON.stringify({ id: eventId, type, timestamp: occurredAt.toString(), subject });
  return `${envelope.slice(0, -1)},"data":${data}}`;
}
