import type { Tx } from '#persistence/transaction.js';

/** For decisions that look before they move: until this transaction ends, nobody else writes the ledger. */
export async function lockLedger(tx: Tx): Promise<void> {
  await tx.query('select ledger_lock()');
}
