import { defineEntity, p } from '@mikro-orm/postgresql';
import { among, column } from '#persistence/entities/columns.js';
import type { LateOutcomeName } from './domain/late-payment.js';

/**
 * A payment whose order had ended before the money came. It is decided once: another order, or credit. What its person
 * gets of it later, by a correction, is decided by itself.
 */
export const LatePaymentEntity = defineEntity({
  name: 'LatePayment',
  tableName: 'late_payments',
  properties: {
    id: p.uuid().primary(),
    paymentId: p.uuid(),
    orderId: p.uuid(),
    personId: p.uuid(),
    amountMinor: column.bigint(),
    currency: p.text(),
    /** What the person could spend; null when the money was reserved for this order. */
    availableMinor: column.bigint().nullable(),
    receivedAt: column.instant(),
    creditedAt: column.instant(),
    recordedAt: column.instant(),
    decidedAt: column.instant().nullable(),
    outcome: column
      .oneOf<LateOutcomeName>()
      .check(among('outcome', ['reopened', 'credited']))
      .nullable(),
    reasonCode: p.text().nullable(),
    reason: p.text().nullable(),
    replacementOrderId: p.uuid().nullable(),
  },
  checks: [
    {
      name: 'late_payments_decided',
      expression: `(outcome is null) = (decided_at is null)
        and (replacement_order_id is not null) = (outcome is not distinct from 'reopened')
        and (reason_code is not null) = (outcome is not distinct from 'credited')
        and (reason is null) = (reason_code is null)`,
    },
  ],
  uniques: [{ name: 'late_payments_once', properties: ['paymentId', 'orderId', 'creditedAt'] }],
  indexes: [
    { name: 'late_payments_of_order', properties: ['orderId'] },
    { name: 'late_payments_undecided', properties: ['recordedAt'], where: 'decided_at is null' },
  ],
});
