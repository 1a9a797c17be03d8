import type { Sql } from '#persistence/transaction.js';
import { movementSet } from '../../ledger/movement-set.js';
import type { PaymentAnswer, PaymentNotice } from '../domain/payment-notice.js';

/**
 * Registers payments, credits whose they are, funds receivables and publishes payment-registered, in one round trip
 * that is a transaction by itself unless `sql` is one. One answer per notice, in order.
 *
 * Money is never refused. It is the named person's, else the named order's person's, else it stands in suspense. A
 * payment that names a person and another person's order belongs to the named person, and that order gets no
 * preference. A repeat with the same content is a duplicate; one with another amount, currency or name is a
 * conflict. While the money is in suspense a repeat may add a name: not every event of a payment carries its
 * metadata.
 */
export async function registerPayments(
  sql: Sql,
  notices: readonly PaymentNotice[],
  at: Temporal.Instant,
): Promise<PaymentAnswer[]> {
  const rows = await sql.query<{ verdict: PaymentAnswer['verdict']; payment_id: string }>(
    'select verdict, payment_id from register_payments($1, $2)',
    [movementSet('payment_notice', notices), at],
  );
  return rows.map((row) => ({ verdict: row.verdict, paymentId: row.payment_id }));
}
