import type { Tx } from '#persistence/transaction.js';
import { movementSet } from '../../ledger/movement-set.js';
import { type Funding, fundReceivables } from './fund-receivables.js';

/** A payment by which a person can spend more, after it was registered: it left suspense, or was corrected. */
export interface CreditedPayment extends Funding {
  readonly paymentId: string;
  /** What the person got by it. */
  readonly amountMinor: number;
}

/**
 * Funds receivables with payments that persons got after the registration, and publishes payment-credited for each.
 * The caller holds the ledger's lock.
 *
 * @param others what else persons can spend since then; funded in the same step
 */
export async function fundByPayments(
  tx: Tx,
  credited: readonly CreditedPayment[],
  at: Temporal.Instant,
  others: readonly Funding[] = [],
): Promise<void> {
  await fundReceivables(tx, [...credited, ...others], at);
  if (credited.length === 0) return;
  await tx.query('select publish_payments_credited($1, $2)', [movementSet('funding', credited), at]);
}
