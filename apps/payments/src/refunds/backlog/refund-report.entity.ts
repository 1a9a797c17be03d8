import { defineEntity } from '@mikro-orm/postgresql';
import { among, column } from '#persistence/entities/columns.js';
import { type RefundKind, refundKinds } from '../domain/refund.js';

/** What a provider says went back of a payment in all, while fewer refunds or disputes of it are known. */
export const RefundReportEntity = defineEntity({
  name: 'RefundReport',
  tableName: 'refund_report',
  comment: 'What a provider says went back of a payment in all, while fewer refunds or disputes of it are known.',
  properties: {
    paymentReference: column.ascii().primary(),
    provider: column.ascii().primary(),
    kind: column.oneOf<RefundKind>().primary().check(among('kind', refundKinds)),
    amountMinor: column.bigint().check('amount_minor between 1 and 1000000000000'),
    currency: column.ascii(),
    reportedAt: column.instant().comment('When more was reported than is known; a larger report does not change it.'),
  },
  indexes: [{ name: 'refund_report_oldest', properties: ['reportedAt', 'paymentReference', 'provider', 'kind'] }],
});
