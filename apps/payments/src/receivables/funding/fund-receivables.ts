import type { Tx } from '#persistence/transaction.js';
import type { MovementCause } from '../../ledger/cause.js';
import { movementSet } from '../../ledger/movement-set.js';

/** A person can spend more than before: by which payment, if any, and naming which order, if any. */
export interface Funding {
  readonly personId: string;
  readonly currency: string;
  readonly orderId?: string | null;
  readonly paymentId?: string | null;
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
