import type { PaymentMatch } from './domain/decide-allocation.js';

/**
 * A `payment_match` of the SQL functions, its cause spread out: `select m.payment_id, m.person_id, (m.cause).*`.
 */
export interface PaymentMatchRow {
  readonly payment_id: string;
  readonly person_id: string;
  readonly traceparent: string | null;
  readonly correlation_id: string;
  readonly causation_id: string | null;
}

/** The match that a row says. */
export function matchOf(row: PaymentMatchRow): PaymentMatch {
  return {
    paymentId: row.payment_id,
    personId: row.person_id,
    cause: {
      traceparent: row.traceparent ?? undefined,
      correlationId: row.correlation_id,
      ...(row.causation_id !== null && { id: row.causation_id }),
    },
  };
}
