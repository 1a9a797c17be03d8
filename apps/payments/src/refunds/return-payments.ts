import type { Sql } from '#persistence/transaction.js';
import type { MovementCause } from '../ledger/cause.js';
import { movementRecords } from '../ledger/movement-records.js';

/**
 * Return: person → provider clearing, posted; or suspense → provider clearing while nobody is known for the payment.
 * The provider sent money back to the payer (a refund, or a dispute that took it): our books follow, whatever has
 * been done with the money meanwhile. What the person does not have available is put on their account from their
 * claim first (claim → person): they owe it, are never below zero, and their next money repays it. Reservations are
 * not touched; the event names the orders that have to give way, and what their end frees repays the claim.
 *
 * Given back: provider clearing → person, or → suspense. The refund failed, or the dispute was won.
 *
 * A return is one by (provider, kind, reference). That it was taken and that it was given back may be told in any
 * order and any number of times; given back is the last word. All returns of a payment that are taken are no more
 * than the payment; one that is too much moves nothing, and is tried again when another one of that payment is given
 * back. One that is told of before its payment is taken when the payment comes.
 */
export interface ReturnNotice {
  readonly provider: string;
  readonly kind: 'refund' | 'dispute';
  /** The refund’s or dispute’s own id at the provider. */
  readonly reference: string;
  /** The id at the provider of the payment that goes back. */
  readonly paymentReference: string;
  readonly amountMinor: number;
  readonly currency: string;
  /** That the money came back to us after all; else, that it went away. */
  readonly givenBack: boolean;
  readonly cause: MovementCause;
}

/** What became of a notice: see `returnPayments`. */
export interface ReturnAnswer {
  readonly verdict: 'applied' | 'duplicate' | 'quarantined';
  readonly reason: 'REFUND_REUSED' | 'REFUND_EXCEEDS_PAYMENT' | 'REFUND_CURRENCY_DIFFERS' | null;
}

/** The records of the SQL type `refund_notice`. `requests`: the position of each one’s request, from 1. */
export function refundRecords(notices: readonly ReturnNotice[], requests: readonly number[]): string {
  return movementRecords(
    notices.map((notice, index) => ({ ...notice, reinstated: notice.givenBack, request: requests[index] })),
  );
}

/**
 * Moves what went back to payers, or came back from them, and tells of it. One answer per notice, in order: `applied`
 * as well when it waits for its payment; `quarantined`, with the reason, when it contradicts what is known.
 */
export async function returnPayments(
  sql: Sql,
  notices: readonly ReturnNotice[],
  at: Temporal.Instant,
): Promise<ReturnAnswer[]> {
  const requests = notices.map((_, index) => index + 1);
  return sql.query<ReturnAnswer>(
    'select verdict, reason from unnest(record_refunds(records(null::refund_notice, $1), $2)) order by position',
    [refundRecords(notices, requests), at],
  );
}
