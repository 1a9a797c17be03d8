import { type RawBuilder, sql } from 'kysely';
import { movementRecords } from '../ledger/movement-records.js';

/** A payment as its provider names it. */
export interface PaymentKey {
  readonly provider: string;
  readonly reference: string;
}

/**
 * The ids of the payments that providers name so, in a typed query: `.where('id', '=', paymentsOf(keys))`. `offset 0`
 * makes the planner look up each key, however few payments it estimates.
 */
export function paymentsOf(keys: readonly PaymentKey[]): RawBuilder<string> {
  const records = movementRecords(keys.map(({ provider, reference }) => ({ provider, reference })));
  return sql<string>`any (array(
    select p.id
    from json_to_recordset(${records}) k (provider text, reference text)
    cross join lateral (
      select * from payment q where q.provider = k.provider and q.reference = k.reference offset 0
    ) p))`;
}
