import type { Tx } from '#persistence/transaction.js';
import type { MovementCause } from '../../ledger/cause.js';
import { movementSet } from '../../ledger/movement-set.js';

/** What a person can spend may cover more than before. */
export interface Funding {
  readonly personId: string;
  readonly currency: string;
  /** The order that the money names. */
  readonly orderId?: string | null;
  /** The payment by which the money came, if one did. */
  readonly paymentId?: string | null;
  /** How much of the payment came: without an order of its own, it goes to the only one of exactly this amount. */
  readonly amountMinor?: number | null;
  readonly cause: MovementCause;
}

/**
 * Repays debts and reserves open receivables with what these persons can spend, and publishes credit-applied. The
 * caller holds the ledger's lock. Later fundings of a person count as the cause of what no payment named.
 */
export async function fundReceivables(tx: Tx, fundings: readonly Funding[], at: Temporal.Instant): Promise<void> {
  if (fundings.length === 0) return;
  await tx.query('select publish_credit_applied(fund_receivables($1, $2), $2)', [movementSet('funding', fundings), at]);
}
