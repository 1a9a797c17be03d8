import type { Refusal } from '#kernel/refusal.js';
import type { Sql } from '#persistence/transaction.js';
import { missingCodeId } from '../domain/redemption-request.js';
import { undisclosedRefusal } from '../domain/refusals.js';
import type { RedemptionsStore } from '../redemptions.store.js';

/** A refusal with its precise reason. */
export interface PreciseRefusal {
  readonly refusal: Refusal;
  /** Null when there is no such code. */
  readonly codeId: string | null;
  /** The person of the request. */
  readonly personId: string;
}

/**
 * The refusal that each person receives, in order: the precise one for holders of the code, one that gives no reason
 * for all others. Codes that do not exist take the same statement.
 */
export async function discloseRefusals(
  sql: Sql,
  redemptions: RedemptionsStore,
  refusals: readonly PreciseRefusal[],
): Promise<Refusal[]> {
  if (refusals.length === 0) return [];
  const holders = await redemptions.holders(
    sql,
    refusals.map(({ codeId, personId }) => ({ codeId: codeId ?? missingCodeId, personId })),
  );
  return refusals.map(({ refusal, codeId, personId }) =>
    holders.has(`${codeId} ${personId}`) ? refusal : undisclosedRefusal(),
  );
}
