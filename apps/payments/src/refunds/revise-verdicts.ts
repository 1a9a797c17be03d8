import type { Tx } from '#persistence/transaction.js';
import { movementRecords } from '../ledger/movement-records.js';

/** What became of a refund that waited: applied or voided, or refused for a reason. */
export interface RefundOutcome {
  readonly refundId: string;
  readonly reason: string | null;
}

/**
 * Lets the verdicts of earlier requests follow their refunds. A refund that waited for its payment is applied, or turns
 * out to contradict it. A dismissed request keeps the reason that it was quarantined
 * for.
 */
export async function reviseVerdicts(tx: Tx, outcomes: readonly RefundOutcome[]): Promise<void> {
  if (outcomes.length === 0) return;
  await tx.query(
    `with revised as (
       -- Locked in the order in which dismissals lock them.
       select w.id, o.reason
       from json_to_recordset($1) o (refund_id uuid, reason text)
       join webhook_request w on w.refund_id = o.refund_id
         and w.verdict in ('waiting', case when o.reason is null then 'quarantined' else 'applied' end)
       where w.refund_id = any (array(select refund_id from json_to_recordset($1) k (refund_id uuid)))
       order by w.id for update of w
     )
     update webhook_request w set verdict = case when r.reason is null then 'applied' else 'quarantined' end,
       reason = case when w.dismissed_at is null then r.reason else w.reason end
     from revised r
     where w.id = any (array(select id from revised)) and w.id = r.id`,
    [movementRecords(outcomes)],
  );
}
