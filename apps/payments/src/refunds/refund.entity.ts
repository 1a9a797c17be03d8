import { defineEntity, p } from '@mikro-orm/postgresql';
import { among, column } from '#persistence/entities/columns.js';
import { completedBySql } from '#persistence/entities/completed-by-sql.js';
import { type RefundKind, type RefundState, refundKinds, refundStates } from './domain/refund.js';

/** A refund or a dispute, as the provider reported it: one by (provider, kind, reference). */
export const RefundEntity = completedBySql(
  defineEntity({
    name: 'Refund',
    tableName: 'refund',
    properties: {
      id: p.uuid().primary(),
      provider: column.ascii(),
      kind: column.oneOf<RefundKind>().check(among('kind', refundKinds)),
      reference: column.ascii(),
      paymentReference: column.ascii(),
      amountMinor: column.bigint().check('amount_minor between 1 and 1000000000000'),
      currency: column.ascii(),
      state: column
        .oneOf<RefundState>()
        .check(among('state', refundStates))
        .comment(
          'waiting: its payment is not known, or has another currency. reinstated: it failed, or the dispute was won.',
        ),
      paymentId: p.uuid().nullable(),
      owedMinor: column
        .bigint()
        .nullable()
        .comment('What the person did not have when it was applied, and owes us since.'),
      excessMinor: column
        .bigint()
        .default(0)
        .comment('What was beyond its payment when it was applied: an expense of ours.'),
      receivedAt: column.instant(),
      appliedAt: column.instant().nullable(),
      reinstatedAt: column.instant().nullable(),
      reason: p.text().nullable(),
      author: p
        .text()
        .nullable()
        .comment('The admin who registered it by hand, with a reason; null for those of providers.'),
      sequence: column.identity().comment('The order in which refunds were received; instants may be equal.'),
    },
    uniques: [{ properties: ['provider', 'kind', 'reference'] }],
    indexes: [
      { name: 'refund_waiting', properties: ['sequence'], where: `state = 'waiting'` },
      {
        name: 'refund_waiting_for_payment',
        properties: ['provider', 'paymentReference'],
        where: `state = 'waiting'`,
      },
      { name: 'refund_of_reference', properties: ['paymentReference', 'provider'] },
      { name: 'refund_of_payment', properties: ['paymentId'], where: 'payment_id is not null' },
    ],
    checks: [
      { name: 'refund_owed_at_most_all', expression: 'owed_minor between 0 and amount_minor - excess_minor' },
      { name: 'refund_excess_at_most_all', expression: 'excess_minor between 0 and amount_minor' },
      {
        name: 'refund_payment_once_applied',
        expression: '(payment_id is null) = (applied_at is null) and (owed_minor is null) = (applied_at is null)',
      },
      { name: 'refund_reinstated', expression: `(state = 'reinstated') = (reinstated_at is not null)` },
      { name: 'refund_applied', expression: `state <> 'applied' or applied_at is not null` },
      { name: 'refund_waiting', expression: `state <> 'waiting' or applied_at is null` },
    ],
  }),
  'alter table refund set (fillfactor = 80)',
);
