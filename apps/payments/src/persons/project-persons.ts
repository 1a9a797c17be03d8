import type { Tx } from '#persistence/transaction.js';
import type { MovementCause } from '../ledger/cause.js';
import { movementSet } from '../ledger/movement-set.js';
import type { PaymentMatch } from '../suspense/domain/decide-allocation.js';
import { matchOf, type PaymentMatchRow } from '../suspense/payment-match-row.js';

/** A person who exists, and what says so. */
export interface KnownPerson {
  readonly personId: string;
  readonly cause: MovementCause;
}

/**
 * Adds these persons to the projection, and answers the payments in suspense that named the new ones. The caller
 * holds the ledger's lock, and allocates them.
 */
export async function projectPersons(
  tx: Tx,
  persons: readonly KnownPerson[],
  at: Temporal.Instant,
): Promise<PaymentMatch[]> {
  const rows = await tx.query<PaymentMatchRow>(
    `select m.payment_id, m.person_id, (m.cause).*
     from unnest(project_persons($1, '{}', $2)) m`,
    [movementSet('known_person', persons), at],
  );
  return rows.map(matchOf);
}
