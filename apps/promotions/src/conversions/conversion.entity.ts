import { defineEntity, p } from '@mikro-orm/postgresql';
import { column } from '#persistence/entities/columns.js';
import type { Earnings, ReversalReason } from './domain/conversion.js';

/** Conversions of outside systems, and closed orders that earned a bonus: each once, with the reply that it got. */
export const ConversionEntity = defineEntity({
  name: 'Conversion',
  tableName: 'conversion',
  properties: {
    conversionId: column.ascii().primary(),
    sender: column
      .ascii()
      .default('')
      .primary()
      .comment('The outside system that reported it. Empty for orders and for conversions of admins.'),
    personId: p.uuid(),
    offerId: column.ascii(),
    payoutMinor: column.bigint().check('payout_minor >= 0'),
    currency: p.text(),
    occurredAt: column.instant(),
    orderId: p.uuid().nullable(),
    contentHash: column.bytes(),
    answer: column.jsonb<Earnings>().nullable(),
    recordedAt: column.instant(),
    reversedAt: column.instant().nullable(),
    reverseReason: column
      .oneOf<ReversalReason>()
      .nullable()
      .check(`reverse_reason in ('cancel', 'refund', 'fraud', 'chargeback')`),
    reverseAnswer: column.jsonb<unknown>().nullable(),
  },
  checks: [{ name: 'reversed_with_reason', expression: '(reversed_at is null) = (reverse_reason is null)' }],
});
