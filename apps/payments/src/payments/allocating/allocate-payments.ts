import type { Tx } from '#persistence/transaction.js';
import type { MovementCause } from '../../ledger/cause.js';
import { movementRecords } from '../../ledger/movement-records.js';

/** An admin's decision on whose a payment is. */
export interface Assignment {
  readonly paymentId: string;
  readonly personId: string;
  readonly assignedBy: string;
  readonly cause: MovementCause;
}

/** Moves payments out of suspense to persons, where they fund orders like any other money. Matched payments stay. */
export async function assignPayments(tx: Tx, assignments: readonly Assignment[], at: Temporal.Instant): Promise<void> {
  await tx.query('select assign_payments(records(null::payment_allocation, $1), $2)', [
    movementRecords(assignments),
    at,
  ]);
}
