import type { Tx } from '#persistence/transaction.js';

/**
 * Takes the ledger's lock: until this transaction ends, no other one moves money. Statements that follow are planned
 * as those of the SQL movements are: tables through their indexes, sets by hashing.
 */
export async function lockLedger(tx: Tx): Promise<void> {
  await tx.query(
    `select ledger_lock(), set_config('plan_cache_mode', 'force_generic_plan', true), set_config('jit', 'off', true),
       set_config('enable_seqscan', 'off', true), set_config('enable_mergejoin', 'off', true),
       set_config('enable_nestloop', 'off', true)`,
  );
}
