import { Injectable } from '@nestjs/common';
import type { Tx } from '#persistence/transaction.js';
import { addExtras } from '../../extras/add-extras.js';
import type { ExtrasNotice } from '../../extras/domain/late-extras.js';
import type { MovementCause } from '../../ledger/cause.js';
import { movementSet } from '../../ledger/movement-set.js';
import { RefundJournal } from '../../refunds/refund-journal.js';
import { addNames } from '../allocating/add-names.js';
import type { PaymentAnswer, PaymentNotice } from '../domain/payment-notice.js';

/** A `new_payment` of the SQL functions as JSON, which only they take apart. */
interface NewPayment {
  readonly provider: string;
  readonly reference: string;
  readonly cause: CauseRecord;
}

interface CauseRecord {
  readonly traceparent: string | null;
  readonly correlation_id: string;
  readonly causation_id: string | null;
}

/**
 * Registers payments in steps: the same SQL functions that `register_payments` calls at once, with what is rare
 * between them. A refund that came before its payment is applied before the payment funds anything; a repeat may add
 * an extra to a payment, or a name to money in suspense.
 */
@Injectable()
export class PaymentJournal {
  constructor(private readonly refunds: RefundJournal) {}

  /** The caller holds the ledger's lock. One answer per notice, in order. */
  async register(tx: Tx, notices: readonly PaymentNotice[], at: Temporal.Instant): Promise<PaymentAnswer[]> {
    if (notices.length === 0) return [];
    const credited = await this.credit(tx, notices, at);
    if (credited.length < notices.length) await addExtras(tx, notices.map(extrasNoticeOf), at);
    const refunded = await this.refunds.applyWaiting(tx, credited.map(creditOf), at);
    await tx.query('select fund_payments(records(null::new_payment, $1), $2)', [JSON.stringify(credited), at]);
    if (refunded) await this.refunds.publish(tx, refunded, at);
    if (credited.length < notices.length) await addNames(tx, notices, at);
    const rows = await tx.query<{ verdict: PaymentAnswer['verdict']; payment_id: string }>(
      'select verdict, payment_id from answer_payments($1, records(null::new_payment, $2))',
      [movementSet('payment_notice', notices), JSON.stringify(credited)],
    );
    return rows.map(({ verdict, payment_id: paymentId }) => ({ verdict, paymentId }));
  }

  private async credit(
    tx: Tx,
    notices: readonly PaymentNotice[],
    at: Temporal.Instant,
  ): Promise<readonly NewPayment[]> {
    const [row] = await tx.query<{ credited: NewPayment[] }>('select to_json(credit_payments($1, $2)) as credited', [
      movementSet('payment_notice', notices),
      at,
    ]);
    return row?.credited ?? [];
  }
}

function extrasNoticeOf({ taxMinor, shippingMinor, tipMinor, ...notice }: PaymentNotice): ExtrasNotice {
  const extras = { ...(taxMinor && { tax: taxMinor }), ...(tipMinor && { tip: tipMinor }) };
  return { ...notice, extras: { ...extras, ...(shippingMinor && { shipping: shippingMinor }) } };
}

function creditOf({ provider, reference, cause }: NewPayment) {
  const led: MovementCause = {
    traceparent: cause.traceparent ?? undefined,
    correlationId: cause.correlation_id,
    ...(cause.causation_id !== null && { id: cause.causation_id }),
  };
  return { provider, reference, cause: led };
}
